import { infiniteQueryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'

/** Who is in a team, as far as somebody asks. */
export const teamMembersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: teamKeys.members(id),
    queryFn: ({ pageParam, signal }) =>
      call(
        client.GET('/api/teams/{id}/members', {
          params: { path: { id }, query: { limit: 200, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
