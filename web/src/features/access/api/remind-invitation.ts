import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Asks the inviter for another link. The answer is the same whether they get a letter or had one today. */
export function useRemindInvitation() {
  return useMutation({
    mutationFn: (token: string) =>
      call(client.POST('/api/auth/invitations/{token}/remind', { params: { path: { token } } })),
  })
}
