import type { ApiKey, Permission } from '@/api/types'

export type KeyKind = ApiKey['kind']

/** In the order people look for them. */
export const kinds: KeyKind[] = ['server', 'read', 'bot', 'ingest', 'write']

// What no program gets, whoever makes its key: rights over people, keys and the workspace's end.
const peoples = ['apikey.manage', 'member.manage', 'role.manage', 'billing.manage', 'tenant.delete', 'assistant.use']
const reads = ['view', 'view_all', 'view_pii']

/** Whether what a key of this kind may do is chosen; the others are for one thing. */
export const hasScopes = (kind: KeyKind): boolean => kind === 'server' || kind === 'read'

/** What the caller can give a key of a kind: no more than they hold. */
export function scopesFor(kind: KeyKind, permissions: Permission[]): Permission[] {
  if (!hasScopes(kind)) return []
  return permissions.filter(
    ({ name, held }) =>
      held && !peoples.includes(name) && (kind === 'server' || reads.includes(name.split('.')[1] ?? '')),
  )
}

export type KeyState = 'active' | 'ending' | 'expired' | 'revoked'

const soon = 7 * 24 * 60 * 60_000

/** `ending` is a key that ends within a week. */
export function stateOf(key: ApiKey, now: number): KeyState {
  if (key.revoked_at) return 'revoked'
  if (!key.expires_at) return 'active'
  const left = Date.parse(key.expires_at) - now
  if (left <= 0) return 'expired'
  return left < soon ? 'ending' : 'active'
}

/** Addresses and networks as they were typed: by commas, blanks or lines. */
export const networksOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean)

/** The end of a day of the reader's own calendar, which is the last moment a key works; null without one. */
export function endOfDay(day: string): string | null {
  const [year, month, date] = day.split('-').map(Number)
  if (!year || !month || !date) return null
  return new Date(year, month - 1, date, 23, 59, 59).toISOString()
}

/** The day of a moment in the reader's own calendar, as a date field has it. */
export function dayOf(at: string | number | null): string {
  if (at === null) return ''
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** A first call to try a key with, which its rights allow; the description of the API is everybody's. */
export function exampleCall(origin: string, secret: string, scopes: string[]): string {
  const path = scopes.includes('channel.view')
    ? '/api/channels'
    : scopes.includes('conversation.view')
      ? '/api/conversations'
      : '/api/openapi.json'
  return `curl -H "Authorization: Bearer ${secret}" ${origin}${path}`
}
