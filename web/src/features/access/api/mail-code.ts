import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Mails a sign-in code to who has the password; at most three a day. */
export function useMailCode() {
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => call(client.POST('/api/auth/login/code', { body })),
  })
}
