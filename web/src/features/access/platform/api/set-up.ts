import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import type { SetUp } from '@/api/types'

export function useSetUp() {
  return useMutation({ mutationFn: (body: SetUp) => call(client.POST('/api/setup', { body })) })
}
