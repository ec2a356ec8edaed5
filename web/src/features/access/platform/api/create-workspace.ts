import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Makes a workspace the caller owns, and turns the session to it. */
export function useCreateWorkspace() {
  return useMutation({
    mutationFn: (body: { name: string }) => call(client.POST('/api/platform/tenants', { body })),
  })
}
