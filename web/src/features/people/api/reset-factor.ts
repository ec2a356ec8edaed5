import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { withStepUp } from '@/api/step-up'

/** Takes the second factor of a member who lost it, and signs them out. */
export function useResetFactor() {
  return useMutation({
    mutationFn: (id: string) =>
      withStepUp(() => call(client.POST('/api/members/{id}/reset-2fa', { params: { path: { id } } }))),
  })
}
