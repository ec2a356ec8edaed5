import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Proves who is there, for ten minutes of dangerous acts. */
export function useStepUp() {
  return useMutation({
    mutationFn: (body: { password: string } | { totp: string }) => call(client.POST('/api/auth/step-up', { body })),
  })
}
