import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Mails the caller another link to confirm their address; at most three a day. */
export function useResendVerification() {
  return useMutation({ mutationFn: () => call(client.POST('/api/auth/email/resend')) })
}
