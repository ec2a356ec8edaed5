import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { apiKeyKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'

type Rotation = { id: string; overlap_hours: number }

/** Gives a key another secret; the one before works for the overlap. */
export function useRotateKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: Rotation) =>
      withStepUp(() => call(client.POST('/api/api-keys/{id}/rotate', { params: { path: { id } }, body }))),
    onSettled: () => queries.invalidateQueries({ queryKey: apiKeyKeys.list, exact: true }),
    gcTime: 0, // the secret is not kept
  })
}
