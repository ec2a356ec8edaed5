import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'

/** The roles, the built-in ones first. */
export const rolesQuery = queryOptions({
  queryKey: peopleKeys.roles,
  queryFn: async ({ signal }) =>
    (await call(client.GET('/api/roles', { params: { query: { limit: 200 } }, signal }))).items,
})
