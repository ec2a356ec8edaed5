import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'

/** People of the workspace whose name is like what was typed; the first ones without. */
export const peopleQuery = (search: string) =>
  queryOptions({
    queryKey: [...teamKeys.people, search],
    queryFn: ({ signal }) =>
      call(client.GET('/api/members', { params: { query: { limit: 200, ...(search ? { search } : {}) } }, signal })),
    placeholderData: keepPreviousData,
  })
