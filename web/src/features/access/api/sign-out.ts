import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Ends this login session and closes its sockets. A session that is over already is as good. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => call(client.POST('/api/auth/logout', { body: {} })),
    meta: { answersSignIn: true },
  })
}
