import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Changes the caller's password; the server ends the other sessions and renews this one. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) =>
      call(client.POST('/api/auth/password', { body })),
  })
}
