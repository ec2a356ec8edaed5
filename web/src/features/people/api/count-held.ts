import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'

export const heldLimit = 200

/** How many open conversations of somebody the caller sees; counted no further than `heldLimit`. */
export const heldQuery = (userId: string) =>
  queryOptions({
    queryKey: peopleKeys.held(userId),
    queryFn: async ({ signal }) =>
      (
        await call(
          client.GET('/api/conversations', {
            params: { query: { assignee: userId, status: ['open'], limit: heldLimit } },
            signal,
          }),
        )
      ).items.length,
    staleTime: 0,
  })
