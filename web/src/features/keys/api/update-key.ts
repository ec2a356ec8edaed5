import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { apiKeyKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'

type Change = { id: string; name: string; expires_at: string | null; ip_allow: string[] }

export function useUpdateKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: Change) =>
      withStepUp(() => call(client.PATCH('/api/api-keys/{id}', { params: { path: { id } }, body }))),
    onSettled: () => queries.invalidateQueries({ queryKey: apiKeyKeys.list, exact: true }),
  })
}
