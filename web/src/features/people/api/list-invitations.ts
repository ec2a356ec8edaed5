import { infiniteQueryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { type InvitationState, peopleKeys } from '@/api/keys'

/** Who was invited, the newest first. */
export const invitationsQuery = (state?: InvitationState) =>
  infiniteQueryOptions({
    queryKey: peopleKeys.invitationList(state),
    queryFn: ({ pageParam, signal }) =>
      call(
        client.GET('/api/invitations', {
          params: { query: { ...(state ? { state } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0, // nothing tells of who accepted
  })
