import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'

export const teamQuery = (id: string) =>
  queryOptions({
    queryKey: teamKeys.detail(id),
    queryFn: ({ signal }) => call(client.GET('/api/teams/{id}', { params: { path: { id } }, signal })),
  })
