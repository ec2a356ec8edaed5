import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'

/** Ends a team; refused while channels point at it. */
export function useArchiveTeam() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE('/api/teams/{id}', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: teamKeys.all }),
  })
}
