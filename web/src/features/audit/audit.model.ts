import type { AuditQuery } from '@/api/keys'

/** Every act that is kept, by its object. A newer server may know more. */
export const acts = [
  'tenant.created',
  'tenant.changed',
  'session.created',
  'session.refused',
  'session.ended',
  'session.all_ended',
  'session.token_reused',
  'password.changed',
  'password.reset',
  'email.verified',
  'second_factor.enabled',
  'second_factor.disabled',
  'second_factor.codes_renewed',
  'security_settings.changed',
  'member.created',
  'member.changed',
  'member.removed',
  'invitation.created',
  'invitation.revoked',
  'invitation.accepted',
  'role.created',
  'role.changed',
  'role.deleted',
  'team.created',
  'team.changed',
  'team.archived',
  'api_key.created',
  'api_key.changed',
  'api_key.rotated',
  'api_key.revoked',
  'channel.connected',
  'audit_log.exported',
] as const

export type Act = (typeof acts)[number]
type ObjectOf<A> = A extends `${infer Object}.${string}` ? Object : never
export type AuditObject = ObjectOf<Act>

export const objects = [...new Set(acts.map((act) => objectOf(act)))]

function objectOf<A extends Act>(act: A): AuditObject {
  return act.slice(0, act.indexOf('.')) as AuditObject
}

export const isAct = (value: string): value is Act => (acts as readonly string[]).includes(value)

/** What the log is narrowed by, as it stands in the address bar; days are of the reader's own calendar. */
export type AuditFilter = { actor?: string; action?: string; object?: string; from?: string; to?: string }

export const filterNames = ['actor', 'action', 'object', 'from', 'to'] as const

/** The known parameters of an address, without the empty ones. */
export function filterOf(search: Record<string, unknown>): AuditFilter {
  const filter: AuditFilter = {}
  for (const name of filterNames) {
    const value = search[name]
    if (typeof value === 'string' && value !== '') filter[name] = value
  }
  return filter
}

/** The same for the API: days become moments, and the last day is inside. */
export function queryOf({ from, to, ...rest }: AuditFilter): AuditQuery {
  const first = startOf(from, 0)
  const end = startOf(to, 1)
  return { ...rest, ...(first ? { from: first } : {}), ...(end ? { to: end } : {}) }
}

function startOf(day: string | undefined, daysLater: number): string | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '') ?? []
  if (!year || !month || !date) return null
  return new Date(Number(year), Number(month) - 1, Number(date) + daysLater).toISOString()
}

export type Difference = { field: string; before: string | null; after: string | null }

/** What an act changed, member by member; null where a side has none. */
export function differences(before: unknown, after: unknown): Difference[] {
  const was = membersOf(before)
  const is = membersOf(after)
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted()
  return fields.map((field) => ({ field, before: words(was[field]), after: words(is[field]) }))
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function words(value: unknown): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
