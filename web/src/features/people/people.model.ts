import type { Me, Role } from '@/api/types'

/** What somebody may do here; null for who is in no workspace. */
export type Standing = Me['membership']

type Rights = Pick<Role, 'permissions' | 'scopes'>

/** Why somebody may not give or change what has these rights: a permission they lack, or the rows; null when they may. */
export function lackedFor(by: Standing, rights: Rights): string | 'rows' | null {
  if (!by) return 'rows'
  const lacked = rights.permissions.find((permission) => !by.permissions.includes(permission))
  if (lacked) return lacked
  const rows = by.scopes.includes('all') || rights.scopes.every((scope) => by.scopes.includes(scope))
  return rows ? null : 'rows'
}

/** Whether who has the role can be given conversations. */
export function answers({ permissions, scopes }: Rights): boolean {
  const may = ['conversation.view', 'conversation.reply'].every((permission) => permissions.includes(permission))
  return may && (scopes.includes('own') || scopes.includes('all'))
}

/** The e-mail addresses of a text, as mail programs, lists and tables write them; each once. */
export function addressesIn(text: string): string[] {
  const found = text.match(/[^\s<>,;:"'()]+@[^\s<>,;:"'()]+\.[^\s<>,;:"'()]+/g) ?? []
  const kept = new Map(found.map((address) => [address.toLowerCase(), address]))
  return [...kept.values()]
}

export function isAddress(text: string): boolean {
  return addressesIn(text).length === 1 && addressesIn(text)[0] === text.trim()
}
