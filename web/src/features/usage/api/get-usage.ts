import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { usageKeys } from '@/api/keys'

export const usageQuery = queryOptions({
  queryKey: usageKeys.report,
  queryFn: ({ signal }) => call(client.GET('/api/usage', { signal })),
})
