import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { channelKeys } from '@/api/keys'

export function useCreateSimulatedChannel() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => call(client.POST('/api/channels/simulated', { body: { kind: 'whatsapp', name } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: channelKeys.list }),
  })
}
