import { expect, test } from 'vitest'
import { uuidv7 } from './uuid'

test('is a UUID of version 7 with its time in front', () => {
  const id = uuidv7(0x0198f3c27b3a + 10 ** 12)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(0x0198f3c27b3a + 10 ** 12)
})

test('sorts in the order of making, also within a millisecond and when the clock steps back', () => {
  const now = Date.now() + 2 * 10 ** 12
  const ids = Array.from({ length: 5_000 }, () => uuidv7(now)).concat(uuidv7(now - 1_000))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})
