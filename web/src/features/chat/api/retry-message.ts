import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { putMessage } from '@/realtime/apply'

/** Attempt n + 1 of the same message. `force` is for an unknown one, after a person accepted that it may arrive twice. */
export function useRetryMessage() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, force }: { id: string; force: boolean }) =>
      call(client.POST('/api/messages/{id}/retry', { params: { path: { id } }, body: force ? { force } : {} })),
    onSuccess: (message) => putMessage({ queries }, message),
  })
}
