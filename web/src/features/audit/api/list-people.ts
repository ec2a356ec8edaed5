import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { auditKeys } from '@/api/keys'

/** Whom the log can be narrowed to; for who may see the members. */
export const peopleQuery = queryOptions({
  queryKey: auditKeys.people,
  queryFn: ({ signal }) => call(client.GET('/api/auth/users', { signal })),
})
