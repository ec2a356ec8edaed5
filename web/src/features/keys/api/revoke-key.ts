import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { apiKeyKeys } from '@/api/keys'

/** Ends a key for good, everywhere within five seconds. */
export function useRevokeKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE('/api/api-keys/{id}', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: apiKeyKeys.list, exact: true }),
  })
}
