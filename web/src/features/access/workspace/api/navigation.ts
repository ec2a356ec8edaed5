import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callForResponse, client } from '@/api/client'
import { sessionKeys, workspaceKeys } from '@/api/keys'
import type { NavigationLabel } from '@/api/types'

/** What the workspace's rail says, with the version it was read in. */
type Read = { labels: NavigationLabel[]; version: string }

export const navigationQuery = queryOptions({
  queryKey: workspaceKeys.navigation,
  queryFn: async ({ signal }): Promise<Read> => {
    const { data, response } = await callForResponse(client.GET('/api/settings/navigation', { signal }))
    return { labels: data.labels, version: response.headers.get('ETag') ?? '' }
  },
})

export function useSetNavigation() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ labels, version }: Read) =>
      call(
        client.PUT('/api/settings/navigation', { body: { labels }, headers: version ? { 'If-Match': version } : {} }),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: sessionKeys.me })
      return queries.invalidateQueries({ queryKey: workspaceKeys.navigation })
    },
  })
}
