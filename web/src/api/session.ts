import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { call, client } from './client'
import { sessionKeys } from './keys'
import type { Me } from './types'

/** Who is signed in, where, and with which rights. Fresh until `permissions.changed` or a sign-in says otherwise. */
export const meQuery = queryOptions({
  queryKey: sessionKeys.me,
  queryFn: ({ signal }) => call(client.GET('/api/auth/me', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})

export const configQuery = queryOptions({
  queryKey: sessionKeys.config,
  queryFn: ({ signal }) => call(client.GET('/api/config', { signal })),
  staleTime: 5 * 60_000,
})

/** The session of a page below /t/{slug}; its route has loaded it and made sure that there is a workspace. */
export type WorkspaceSession = {
  user: Me['user']
  tenant: NonNullable<Me['tenant']>
  memberships: Me['memberships']
  /** How the workspace looks where that is not the product's own look. */
  appearance: Me['appearance']
  /** Whether the caller may change a team: one of theirs, or any where they see all rows. */
  mayManageTeam: (id: string) => boolean
  /** Whether the caller's rights reach all rows of the workspace. */
  seesAll: boolean
  may: (permission: string) => boolean
  /** A setting of the person, kept by the server for all their devices. */
  preference: (name: string) => unknown
}

export function useSession(): WorkspaceSession {
  const { data: me } = useSuspenseQuery(meQuery)
  if (!me.tenant) throw new Error('useSession needs a route below /t/{slug}')
  return {
    user: me.user,
    tenant: me.tenant,
    memberships: me.memberships,
    appearance: me.appearance,
    preference: (name) => preferences(me.user.preferences)[name],
    seesAll: me.membership?.scopes.includes('all') ?? false,
    mayManageTeam: (id) => managesTeam(me.membership, id),
    may: (permission) => me.membership?.permissions.includes(permission) ?? false,
  }
}

function managesTeam(membership: Me['membership'], id: string): boolean {
  if (!membership?.permissions.includes('team.manage')) return false
  const team = membership.teams.find((item) => item.id === id)
  return membership.scopes.includes('all') || team?.role === 'manager' || (membership.scopes.includes('team') && !!team)
}

function preferences(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
