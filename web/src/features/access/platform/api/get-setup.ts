import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { platformKeys } from '@/api/keys'

/** Whether the installation waits for its first operator, and how its machine is. */
export const getSetupQuery = queryOptions({
  queryKey: platformKeys.setup,
  queryFn: ({ signal }) => call(client.GET('/api/setup', { signal })),
  staleTime: 0,
})
