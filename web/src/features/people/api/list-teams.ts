import { queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { teamKeys } from '@/api/keys'

/** The teams people can be put into: all but Everyone, in which everybody is anyway. */
export const joinableTeamsQuery = queryOptions({
  queryKey: teamKeys.joinable,
  queryFn: async ({ signal }) =>
    (await call(client.GET('/api/teams', { params: { query: { limit: 200 } }, signal }))).items.filter(
      (team) => !team.everyone,
    ),
})
