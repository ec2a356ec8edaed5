import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'

/** Ends a membership, not the person; what they had open is handed over. */
export function useRemoveMember() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, reassign_to }: { id: string; reassign_to?: string }) =>
      withStepUp(() =>
        call(
          client.DELETE('/api/members/{id}', {
            params: { path: { id }, query: reassign_to ? { reassign_to } : {} },
          }),
        ),
      ),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: peopleKeys.members })
      void queries.invalidateQueries({ queryKey: peopleKeys.roles })
    },
  })
}
