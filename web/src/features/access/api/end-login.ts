import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { sessionKeys } from '@/api/keys'

/** Ends one login session of the caller. */
export function useEndLogin() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } })),
    // Also when it failed: a session that is gone already must leave the list.
    onSettled: () => queries.invalidateQueries({ queryKey: sessionKeys.logins }),
  })
}
