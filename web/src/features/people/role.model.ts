import type { Permission, Role } from '@/api/types'

export const scopes = ['own', 'team', 'channel', 'all'] as const
export const reveals = ['masked', 'encrypted'] as const
export type Scope = (typeof scopes)[number]
export type Reveal = (typeof reveals)[number]

/** A role as it is put together. */
export type RoleDraft = { name: string; permissions: string[]; scopes: Scope[]; reveal: Reveal[] }

export function draftOf(role: Role, name: string): RoleDraft {
  return {
    name,
    permissions: role.permissions,
    scopes: scopes.filter((scope) => role.scopes.includes(scope)),
    reveal: reveals.filter((level) => role.reveal.includes(level)),
  }
}

export const areas = ['conversation', 'contact', 'outreach', 'team', 'numbers', 'logs', 'workspace'] as const
export type Area = (typeof areas)[number]

const areaOf: Record<string, Area> = {
  conversation: 'conversation',
  contact: 'contact',
  campaign: 'outreach',
  template: 'outreach',
  canned: 'outreach',
  team: 'team',
  shift: 'team',
  presence: 'team',
  routing: 'team',
  wrapup: 'team',
  analytics: 'numbers',
  activity: 'numbers',
  event: 'numbers',
  project: 'numbers',
  datasource: 'numbers',
  dashboard: 'numbers',
  log: 'logs',
  assistant: 'logs',
}

/** What a permission is about; what a newer server knows besides is the workspace's. */
export function areaOfPermission(name: string): Area {
  return areaOf[name.slice(0, name.indexOf('.'))] ?? 'workspace'
}

/** The permissions by what they are about, in the order of the list, without empty areas. */
export function byArea<P extends Pick<Permission, 'name'>>(permissions: P[]): { area: Area; permissions: P[] }[] {
  return areas
    .map((area) => ({ area, permissions: permissions.filter(({ name }) => areaOfPermission(name) === area) }))
    .filter((group) => group.permissions.length > 0)
}

/** The same role, whatever the order of its lists. */
export function sameRole(a: RoleDraft, b: RoleDraft): boolean {
  const list = (items: string[]) => items.toSorted().join(' ')
  return (
    a.name.trim() === b.name.trim() &&
    list(a.permissions) === list(b.permissions) &&
    list(a.scopes) === list(b.scopes) &&
    list(a.reveal) === list(b.reveal)
  )
}

/** The list with the item, or without it. */
export function toggled<Item>(list: Item[], item: Item, on: boolean): Item[] {
  const rest = list.filter((one) => one !== item)
  return on ? [...rest, item] : rest
}
