import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { apiKeyKeys } from '@/api/keys'

/** All there is to permit, and what of it the caller holds. */
export const permissionsQuery = queryOptions({
  queryKey: apiKeyKeys.permissions,
  queryFn: ({ signal }) => call(client.GET('/api/permissions', { signal })),
  staleTime: 5 * 60_000,
})
