import { describe, expect, test } from 'vitest'
import { at, conversationFactory, messageFactory, user } from '@/test/factories'
import {
  belongs,
  type ConversationList,
  fresher,
  upsert,
  withFreshHead,
  withMessage,
  withNextPage,
} from './conversations.model'

const all = { view: 'all', unread: false } as const
const list = (items: ConversationList['items'], next_cursor: string | null = null): ConversationList => ({
  items,
  next_cursor,
})

describe('belonging to a view', () => {
  test('mine, unassigned and all are told apart, and what has ended is in none', () => {
    const mine = conversationFactory.mine()
    const queued = conversationFactory.queued()
    expect(belongs(mine, { view: 'mine', unread: false }, user.id)).toBe(true)
    expect(belongs(queued, { view: 'mine', unread: false }, user.id)).toBe(false)
    expect(belongs(queued, { view: 'unassigned', unread: false }, user.id)).toBe(true)
    expect(belongs(conversationFactory.mine({ status: 'resolved' }), all, user.id)).toBe(false)
  })

  test('the filter for unread asks for one', () => {
    const unread = { view: 'all', unread: true } as const
    expect(belongs(conversationFactory.mine({ unread: 0 }), unread, user.id)).toBe(false)
    expect(belongs(conversationFactory.mine({ unread: 2 }), unread, user.id)).toBe(true)
  })
})

describe('a row that an event brings', () => {
  test('replaces its older self in place and is dropped when it is older', () => {
    const row = conversationFactory.mine({ version: 5 })
    const before = list([conversationFactory.mine(), row])
    const after = upsert(before, { ...row, version: 6, unread: 3 }, all, user.id)
    expect(after.items[1]?.unread).toBe(3)
    expect(upsert(before, { ...row, version: 4, unread: 9 }, all, user.id)).toBe(before)
  })

  test('enters the loaded part only', () => {
    const before = list([conversationFactory.activeAt(10)], 'more')
    expect(upsert(before, conversationFactory.activeAt(20), all, user.id).items).toHaveLength(2)
    expect(upsert(before, conversationFactory.activeAt(5), all, user.id)).toBe(before)
    expect(upsert({ ...before, next_cursor: null }, conversationFactory.activeAt(5), all, user.id).items).toHaveLength(
      2,
    )
  })

  test('leaves when it no longer belongs', () => {
    const row = conversationFactory.queued()
    const taken = { ...row, version: 2, status: 'active' as const }
    expect(upsert(list([row]), taken, { view: 'unassigned', unread: false }, user.id).items).toEqual([])
  })
})

describe('pages', () => {
  test('the next one adds what is new and keeps the newer of what is known', () => {
    const known = conversationFactory.mine({ version: 7 })
    const page = { items: [{ ...known, version: 3 }, conversationFactory.mine()], next_cursor: null }
    const after = withNextPage(list([known], 'c'), page)
    expect(after.items).toHaveLength(2)
    expect(after.items[0]?.version).toBe(7)
  })

  test('a fresh head drops what has left and keeps what arrived while it was read', () => {
    const [gone, arrived, stays] = [conversationFactory.mine(), conversationFactory.mine(), conversationFactory.mine()]
    const after = withFreshHead(
      list([gone, arrived, stays]),
      { items: [stays], next_cursor: null },
      (row) => row === arrived,
    )
    expect(after.items.map((row) => row.id)).toEqual([arrived.id, stays.id])
  })
})

describe('message.created', () => {
  const row = conversationFactory.activeAt(0, { version: 4 })
  const patch = (version: number) => ({
    id: row.id,
    last_seq: 9,
    status: row.status,
    unread: 1,
    window_expires_at: row.window_expires_at,
    waiting_since: null,
    version,
    updated_at: at(1),
  })

  test('moves the last message and what follows from it', () => {
    const after = withMessage(row, messageFactory.received(9, { text: 'Hello' }), patch(5))
    expect(after).toMatchObject({ unread: 1, last_seq: 9, version: 5, last_message: { text: 'Hello', seq: 9 } })
  })

  test('of an older version moves nothing back', () => {
    const after = withMessage(row, messageFactory.received(1), patch(3))
    expect(after).toMatchObject({ unread: 0, version: 4, last_message: { seq: 3 } })
  })
})

test('of two equally old states the incoming one wins, for it may carry a read marker', () => {
  const row = conversationFactory.mine({ unread: 2 })
  expect(fresher(row, { ...row, unread: 0 }).unread).toBe(0)
})
