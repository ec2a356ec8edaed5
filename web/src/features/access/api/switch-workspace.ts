import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Turns the login session to another workspace of the same person. */
export function switchWorkspace(tenantId: string) {
  return call(client.POST('/api/auth/switch', { body: { tenant_id: tenantId } }))
}

export function useSwitchWorkspace() {
  return useMutation({ mutationFn: switchWorkspace })
}
