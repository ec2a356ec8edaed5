import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Turns two-factor sign-in on; the answer holds the recovery codes, this once. */
export function useVerifyFactor() {
  return useMutation({
    mutationFn: (code: string) => call(client.POST('/api/auth/2fa/verify', { body: { code } })),
    gcTime: 0,
  })
}
