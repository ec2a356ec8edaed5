import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'

/** All there is to permit, in the order of the list. */
export const permissionsQuery = queryOptions({
  queryKey: peopleKeys.permissions,
  queryFn: async ({ signal }) => (await call(client.GET('/api/permissions', { signal }))).items,
})
