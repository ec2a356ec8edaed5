import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { apiKeyKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'
import type { CreateKey } from '@/api/types'

/** Makes a key; the answer alone has its secret. */
export function useCreateKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: CreateKey) => withStepUp(() => call(client.POST('/api/api-keys', { body }))),
    onSuccess: () => queries.invalidateQueries({ queryKey: apiKeyKeys.list, exact: true }),
    gcTime: 0, // the secret is not kept
  })
}
