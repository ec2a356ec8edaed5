import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { channelKeys } from '@/api/keys'

/** Every connected channel; a workspace has few, so one page holds them. */
export const channelsQuery = queryOptions({
  queryKey: channelKeys.list,
  queryFn: ({ signal }) => call(client.GET('/api/channels', { signal })),
  staleTime: 5 * 60_000,
})
