import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'

/** Brings an archived team back, with who was in it. */
export function useRestoreTeam() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(client.POST('/api/teams/{id}/restore', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: teamKeys.all }),
  })
}
