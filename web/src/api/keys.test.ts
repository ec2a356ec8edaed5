import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { teamKeys } from './keys'

test('a changed team is read again where people are put into teams', async () => {
  const queries = new QueryClient()
  queries.setQueryData(teamKeys.joinable, [])
  await queries.invalidateQueries({ queryKey: teamKeys.all })
  expect(queries.getQueryState(teamKeys.joinable)?.isInvalidated).toBe(true)
})
