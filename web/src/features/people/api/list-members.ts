import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { type MemberQuery, peopleKeys } from '@/api/keys'
import type { Member } from '@/api/types'

/** The people of the workspace, who came last first; their names alone to who does not manage them. */
export const membersQuery = (query: MemberQuery) =>
  infiniteQueryOptions({
    queryKey: peopleKeys.memberList(query),
    queryFn: ({ pageParam, signal }) =>
      call(
        client.GET('/api/members', {
          params: { query: { ...query, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0, // nothing tells of who joined
  })

/** Everybody who can sign in, page after page: for lists one person is chosen from. */
export const everybodyQuery = queryOptions({
  queryKey: peopleKeys.everybody,
  queryFn: async ({ signal }) => {
    const everybody: Member[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: Member[]; next_cursor: string | null } = await call(
        client.GET('/api/members', {
          params: { query: { state: 'active', limit: 200, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      )
      everybody.push(...page.items)
      cursor = page.next_cursor
    }
    return everybody
  },
  staleTime: 0,
})
