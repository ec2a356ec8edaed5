import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { sessionKeys } from '@/api/keys'

export function useVerifyEmail() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (token: string) => call(client.POST('/api/auth/email/verify', { body: { token } })),
    // The link may be opened where nobody is signed in, so nothing is asked anew here.
    onSuccess: () => queries.removeQueries({ queryKey: sessionKeys.me }),
  })
}
