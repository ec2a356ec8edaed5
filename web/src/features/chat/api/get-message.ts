import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { messageKeys } from '@/api/keys'

/** A message with its attempts and the times of its statuses; read each time it is looked at. */
export function messageQuery(id: string) {
  return queryOptions({
    queryKey: messageKeys.detail(id),
    queryFn: ({ signal }) => call(client.GET('/api/messages/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
  })
}
