import { expect, test } from 'vitest'
import { noon } from '@/test/factories'
import { windowState } from './window.model'

const hour = 60 * 60_000
const end = Date.parse(noon)

test('is open, soon below four hours, closed at its end, and none without one', () => {
  expect(windowState(noon, end - 4 * hour)).toEqual({ kind: 'open', left: 4 * hour })
  expect(windowState(noon, end - 4 * hour + 1)).toMatchObject({ kind: 'soon' })
  expect(windowState(noon, end)).toEqual({ kind: 'closed' })
  expect(windowState(null, end)).toEqual({ kind: 'none' })
})
