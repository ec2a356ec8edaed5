import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Walks the whole chain of entries on the server. */
export function useProveChain() {
  return useMutation({ mutationFn: () => call(client.GET('/api/audit-logs/verify')) })
}
