import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

type Credentials = { email: string; password: string; totp?: string; recovery_code?: string }

export function useSignIn() {
  return useMutation({
    mutationFn: (body: Credentials) => call(client.POST('/api/auth/login', { body })),
  })
}
