import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callForResponse, client } from '@/api/client'
import { sessionKeys, workspaceKeys } from '@/api/keys'
import type { Branding } from '@/api/types'

/** The workspace's colours, with the version they were read in. */
type Read = { branding: Branding; version: string }

export const brandingQuery = queryOptions({
  queryKey: workspaceKeys.branding,
  queryFn: async ({ signal }): Promise<Read> => {
    const { data, response } = await callForResponse(client.GET('/api/settings/branding', { signal }))
    return { branding: data, version: response.headers.get('ETag') ?? '' }
  },
})

/** How colours would be read, by the server's word. */
export const paletteQuery = (accent: string, accentDark: string) =>
  queryOptions({
    queryKey: workspaceKeys.palette(accent, accentDark),
    queryFn: ({ signal }) =>
      call(
        client.GET('/api/settings/branding/palette', {
          params: { query: accentDark ? { accent, accent_dark: accentDark } : { accent } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })

type Colours = { accent: string | null; accent_dark: string | null }

export function useSetBranding() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ colours, version }: { colours: Colours; version: string }) =>
      call(client.PUT('/api/settings/branding', { body: colours, headers: version ? { 'If-Match': version } : {} })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: sessionKeys.me })
      return queries.invalidateQueries({ queryKey: workspaceKeys.branding })
    },
  })
}
