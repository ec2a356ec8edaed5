import { describe, expect, test } from 'vitest'
import type { Conversation } from '@/api/types'
import { at, conversationFactory } from '@/test/factories'
import { type Arrangement, arrange, neighbour, nothingShown } from './list.model'

const free = { held: false, selected: null }
const held = { held: true, selected: null }
const ids = ({ rows }: Arrangement) => rows.map((row) => row.id)
const [old, middle, recent] = [10, 20, 30].map((minutes) => conversationFactory.activeAt(minutes)) as [
  Conversation,
  Conversation,
  Conversation,
]
const shown = arrange(nothingShown, [old, recent, middle], free)

function touched(row: Conversation, minutes: number): Conversation {
  return { ...row, last_message: row.last_message && { ...row.last_message, created_at: at(minutes) } }
}

describe('a free list', () => {
  test('is sorted by its last activity', () => {
    expect(ids(shown)).toEqual([recent.id, middle.id, old.id])
  })

  test('moves a row that something happened to', () => {
    expect(ids(arrange(shown, [touched(old, 40), middle, recent], free))[0]).toBe(old.id)
  })
})

describe('a held list', () => {
  test('keeps its order while rows change in place, and counts what waits', () => {
    const arrived = conversationFactory.activeAt(50)
    const after = arrange(shown, [arrived, { ...touched(old, 40), unread: 2 }, middle, recent], held)
    expect(ids(after)).toEqual([recent.id, middle.id, old.id])
    expect(after.rows[2]?.unread).toBe(2)
    expect(after.waiting).toBe(2)
  })

  test('does not count news of the row that is at the top already', () => {
    expect(arrange(shown, [old, middle, touched(recent, 60)], held).waiting).toBe(0)
  })

  test('lets an older page in below without calling it news', () => {
    const older = conversationFactory.activeAt(1)
    const after = arrange(shown, [old, middle, recent, older], held)
    expect(ids(after)).toEqual([recent.id, middle.id, old.id, older.id])
    expect(after.waiting).toBe(0)
  })

  test('keeps a row that has left the list until it is free', () => {
    const during = arrange(shown, [old, recent], held)
    expect(ids(during)).toContain(middle.id)
    expect(ids(arrange(during, [old, recent], free))).not.toContain(middle.id)
  })
})

test('the open conversation keeps its place when it has left the list', () => {
  const after = arrange(shown, [old, recent], { held: false, selected: middle.id })
  expect(ids(after)).toEqual([recent.id, middle.id, old.id])
})

test('J and K walk through what is shown', () => {
  expect(neighbour(shown.rows, null, 1)?.id).toBe(recent.id)
  expect(neighbour(shown.rows, recent.id, 1)?.id).toBe(middle.id)
  expect(neighbour(shown.rows, recent.id, -1)).toBeUndefined()
})
