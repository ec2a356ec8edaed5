import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Sets a new password with a mailed link, and ends all sessions of the person. */
export function useResetPassword() {
  return useMutation({
    mutationFn: (body: { token: string; new_password: string; totp?: string }) =>
      call(client.POST('/api/auth/password/reset', { body })),
  })
}
