import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'
import type { Team } from '@/api/types'

export type TeamFields = { name: string; timezone: string }

/** Makes a team, or changes one unless somebody else did meanwhile. */
export function useSaveTeam(team?: Team) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: TeamFields) =>
      team
        ? call(
            client.PATCH('/api/teams/{id}', {
              params: { path: { id: team.id } },
              body,
              headers: { 'If-Match': String(team.version) },
            }),
          )
        : call(client.POST('/api/teams', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: teamKeys.all }),
  })
}
