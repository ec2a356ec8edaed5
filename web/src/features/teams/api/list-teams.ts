import { infiniteQueryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'

/** The teams, oldest first: those that work, or those that ended. */
export const teamsQuery = (archived: boolean) =>
  infiniteQueryOptions({
    queryKey: teamKeys.list(archived),
    queryFn: ({ pageParam, signal }) =>
      call(
        client.GET('/api/teams', {
          params: { query: { limit: 200, archived, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
