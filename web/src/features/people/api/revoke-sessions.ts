import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Signs a member out everywhere. */
export function useRevokeSessions() {
  return useMutation({
    mutationFn: (id: string) => call(client.POST('/api/members/{id}/revoke-sessions', { params: { path: { id } } })),
  })
}
