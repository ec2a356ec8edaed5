import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callForResponse, client } from '@/api/client'
import { sessionKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'
import type { SecuritySettings } from '@/api/types'

/** What a workspace demands of sign-in, with the version it was read in. */
type Read = { settings: SecuritySettings; version: string }

export const securityQuery = queryOptions({
  queryKey: sessionKeys.security,
  queryFn: async ({ signal }): Promise<Read> => {
    const { data, response } = await callForResponse(client.GET('/api/settings/security', { signal }))
    return { settings: data, version: response.headers.get('ETag') ?? '' }
  },
})

/** Changes the settings for all members; refused when somebody else changed them meanwhile. */
export function useSetSecurity() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ settings, version }: Read) =>
      withStepUp(() =>
        call(client.PUT('/api/settings/security', { body: settings, headers: version ? { 'If-Match': version } : {} })),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionKeys.security }),
  })
}
