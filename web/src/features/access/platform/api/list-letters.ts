import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { platformKeys } from '@/api/keys'

/** What would have been mailed; read again while somebody looks. */
export const lettersQuery = queryOptions({
  queryKey: platformKeys.letters,
  queryFn: ({ signal }) => call(client.GET('/api/platform/mailbox', { signal })),
  staleTime: 0,
  refetchInterval: 5_000,
})
