import { infiniteQueryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { apiKeyKeys } from '@/api/keys'

/** The keys that are not revoked, the newest first. */
export const keysQuery = infiniteQueryOptions({
  queryKey: apiKeyKeys.list,
  queryFn: ({ pageParam, signal }) =>
    call(client.GET('/api/api-keys', { params: { query: pageParam ? { cursor: pageParam } : {} }, signal })),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
})
