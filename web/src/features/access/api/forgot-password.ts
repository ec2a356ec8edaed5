import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Mails a link to choose a new password. The answer is the same whether there is such an account or not. */
export function useForgotPassword() {
  return useMutation({
    mutationFn: (email: string) => call(client.POST('/api/auth/password/forgot', { body: { email } })),
  })
}
