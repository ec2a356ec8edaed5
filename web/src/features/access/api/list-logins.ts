import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { sessionKeys } from '@/api/keys'

/** Where the caller is signed in, the last used first. */
export const loginsQuery = queryOptions({
  queryKey: sessionKeys.logins,
  queryFn: ({ signal }) => call(client.GET('/api/auth/sessions', { signal })),
})
