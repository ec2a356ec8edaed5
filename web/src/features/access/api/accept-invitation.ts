import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'

type Accept = { token: string; name?: string; password?: string }

/** Comes in: as a new person with name and password, or as who is signed in. */
export function useAcceptInvitation() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ token, ...body }: Accept) =>
      call(client.POST('/api/auth/invitations/{token}/accept', { params: { path: { token } }, body })),
    // It may have ended meanwhile, or its address may have an account now.
    onError: (_error, { token }) => queries.invalidateQueries({ queryKey: peopleKeys.invited(token) }),
  })
}
