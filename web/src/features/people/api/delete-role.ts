import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'

/** Removes a custom role that nobody has and nobody is invited to. */
export function useDeleteRole() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => withStepUp(() => call(client.DELETE('/api/roles/{id}', { params: { path: { id } } }))),
    onSettled: () => queries.invalidateQueries({ queryKey: peopleKeys.roles }),
  })
}
