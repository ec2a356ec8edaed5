import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

export function useDisableFactor() {
  return useMutation({
    mutationFn: (body: { password: string; code: string }) => call(client.POST('/api/auth/2fa/disable', { body })),
  })
}
