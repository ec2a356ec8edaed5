import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'

/** What a link invites to; expired, with its reason, when it no longer works. */
export const invitedQuery = (token: string) =>
  queryOptions({
    queryKey: peopleKeys.invited(token),
    queryFn: ({ signal }) => call(client.GET('/api/auth/invitations/{token}', { params: { path: { token } }, signal })),
  })
