import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Makes a secret for an authenticator app; nothing changes until its first code is verified. */
export function useSetUpFactor() {
  return useMutation({
    mutationFn: (password: string) => call(client.POST('/api/auth/2fa/setup', { body: { password } })),
    gcTime: 0, // the secret stays no longer than the page that shows it
  })
}
