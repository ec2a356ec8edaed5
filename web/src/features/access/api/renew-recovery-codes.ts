import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Replaces all recovery codes; the new ones are shown this once. */
export function useRenewRecoveryCodes() {
  return useMutation({
    mutationFn: (body: { password: string; code: string }) =>
      call(client.POST('/api/auth/2fa/recovery-codes', { body })),
    gcTime: 0,
  })
}
