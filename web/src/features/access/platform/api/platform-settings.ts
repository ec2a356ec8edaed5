import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callForResponse, client } from '@/api/client'
import { platformKeys, sessionKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'
import type { PlatformSettings, SetPlatformSettings } from '@/api/types'

/** What holds for the whole installation, with the version it was read in. */
type Read = { settings: PlatformSettings; version: string }

export const platformSettingsQuery = queryOptions({
  queryKey: platformKeys.settings,
  queryFn: async ({ signal }): Promise<Read> => {
    const { data, response } = await callForResponse(client.GET('/api/platform/settings', { signal }))
    return { settings: data, version: response.headers.get('ETag') ?? '' }
  },
})

/** Changes what the environment does not decide; refused when somebody else changed it meanwhile. */
export function useSetPlatform() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ body, version }: { body: SetPlatformSettings; version: string }) =>
      withStepUp(() =>
        call(client.PUT('/api/platform/settings', { body, headers: version ? { 'If-Match': version } : {} })),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: sessionKeys.config })
      return queries.invalidateQueries({ queryKey: platformKeys.settings })
    },
  })
}
