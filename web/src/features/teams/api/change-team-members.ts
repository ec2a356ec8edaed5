import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'
import type { TeamMember } from '@/api/types'

export type TeamRole = TeamMember['role']

type Change =
  | { kind: 'add'; userId: string; role: TeamRole }
  | { kind: 'set'; userId: string; role: TeamRole }
  | { kind: 'remove'; userId: string }

/** Puts somebody into a team, changes what they are there, or takes them out; felt within a second. */
export function useChangeTeamMembers(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (change: Change): Promise<unknown> => {
      const params = { path: { id, user_id: change.userId } }
      switch (change.kind) {
        case 'add':
          return call(
            client.POST('/api/teams/{id}/members', {
              params: { path: { id } },
              body: { user_id: change.userId, role: change.role },
            }),
          )
        case 'set':
          return call(client.PATCH('/api/teams/{id}/members/{user_id}', { params, body: { role: change.role } }))
        case 'remove':
          return call(client.DELETE('/api/teams/{id}/members/{user_id}', { params }))
      }
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: teamKeys.members(id) }),
        queries.invalidateQueries({ queryKey: teamKeys.detail(id) }),
        queries.invalidateQueries({ queryKey: teamKeys.list(false) }),
      ]),
  })
}
