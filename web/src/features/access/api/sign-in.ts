import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => call(client.POST('/api/auth/login', { body })),
    meta: { answersSignIn: true },
  })
}
