import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

export function useRegister() {
  return useMutation({
    mutationFn: (body: { tenant_name: string; name: string; email: string; password: string }) =>
      call(client.POST('/api/auth/register', { body })),
  })
}
