import { queryOptions } from '@tanstack/react-query'
import { call, client } from './client'
import { permissionsKey } from './keys'

/** All there is to permit, in the order of the list, and what of it the caller holds. */
export const permissionsQuery = queryOptions({
  queryKey: permissionsKey,
  queryFn: async ({ signal }) => (await call(client.GET('/api/permissions', { signal }))).items,
})
