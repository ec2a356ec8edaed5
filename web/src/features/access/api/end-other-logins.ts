import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { sessionKeys } from '@/api/keys'

/** Ends all login sessions of the caller but this one. */
export function useEndOtherLogins() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => call(client.DELETE('/api/auth/sessions')),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionKeys.logins }),
  })
}
