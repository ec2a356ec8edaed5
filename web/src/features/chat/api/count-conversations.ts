import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { conversationKeys } from '@/api/keys'

/** The caller's own counts. The socket repeats them with every heartbeat. */
export const countsQuery = queryOptions({
  queryKey: conversationKeys.counts,
  queryFn: ({ signal }) => call(client.GET('/api/conversations/counts', { signal })),
})
