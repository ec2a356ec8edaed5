import { QueryClient } from '@tanstack/react-query'
import { describe, expect, test, vi } from 'vitest'
import { conversationKeys, messageKeys } from '@/api/keys'
import type { Conversation, ConversationCounts } from '@/api/types'
import { at, conversationFactory, messageFactory, messagePage, user } from '@/test/factories'
import { applyEvent, type Caches } from './apply'
import type { ConversationList } from './conversations.model'
import type { EventFrame, EventName, Events } from './frames'
import { type Thread, withNewest } from './thread.model'

const all = { view: 'all', unread: false } as const

function setup(...rows: Conversation[]) {
  const queries = new QueryClient()
  const caches: Caches = { queries, userId: user.id, fetchConversation: vi.fn(), refreshCounts: vi.fn() }
  queries.setQueryData<ConversationList>(conversationKeys.list(all), { items: rows, next_cursor: null })
  let count = 0
  const apply = <Name extends EventName>(name: Name, data: Events[Name]) => {
    count += 1
    const frame = { type: 'event', id: `e${count}`, cursor: 'c', topic: 'inbox', name, at: at(count), data }
    applyEvent(caches, frame as EventFrame)
  }
  const rowsNow = () => queries.getQueryData<ConversationList>(conversationKeys.list(all))?.items ?? []
  return { queries, caches, apply, rowsNow }
}

const brief = (row: Conversation, change: Partial<Conversation>) => ({
  ...row,
  version: row.version + 1,
  ...change,
})

describe('applying events', () => {
  test('message.created reaches the thread, the row and the detail', () => {
    const row = conversationFactory.mine()
    const { queries, apply, rowsNow } = setup(row)
    const first = messageFactory.received(3, { conversation_id: row.id })
    queries.setQueryData(messageKeys.thread(row.id), withNewest(undefined, messagePage([first])))
    queries.setQueryData(conversationKeys.detail(row.id), row)
    const message = messageFactory.received(4, { conversation_id: row.id, text: 'And the receipt?' })
    apply('message.created', { message, conversation: brief(row, { unread: 1, last_seq: 4 }) })
    expect(queries.getQueryData<Thread>(messageKeys.thread(row.id))?.items).toHaveLength(2)
    expect(rowsNow()[0]).toMatchObject({ unread: 1, last_message: { text: 'And the receipt?' } })
    expect(queries.getQueryData<Conversation>(conversationKeys.detail(row.id))?.unread).toBe(1)
  })

  test('message.created of a conversation nobody loaded asks for it', () => {
    const { apply, caches } = setup()
    const row = conversationFactory.queued()
    apply('message.created', { message: messageFactory.received(1), conversation: brief(row, {}) })
    expect(caches.fetchConversation).toHaveBeenCalledWith(row.id)
  })

  test('the same events twice and in the wrong order end in the same state', () => {
    const row = conversationFactory.mine()
    const message = messageFactory.ours(3, 'queued', { conversation_id: row.id })
    const page = withNewest(undefined, messagePage([message]))
    const report = (status: 'sent' | 'delivered', version: number) => ({ ...message, status, version, at: at(version) })
    const end = (order: ReturnType<typeof report>[]) => {
      const { queries, apply } = setup(row)
      queries.setQueryData(messageKeys.thread(row.id), page)
      for (const data of order) apply('message.status', data)
      return queries.getQueryData<Thread>(messageKeys.thread(row.id))?.items[0]?.status
    }
    const [sent, delivered] = [report('sent', 2), report('delivered', 3)]
    expect(end([sent, delivered])).toBe('delivered')
    expect(end([delivered, sent, delivered, sent])).toBe('delivered')
  })

  test('message.status marks the row whose last message it is', () => {
    const row = conversationFactory.mine()
    const { apply, rowsNow } = setup(row)
    const last = row.last_message
    const report = messageFactory.failed(3, false)
    apply('message.status', { ...report, id: last?.id ?? '', conversation_id: row.id, version: 2, at: at(1) })
    expect(rowsNow()[0]?.last_message?.status).toBe('failed')
  })

  test('conversation.created enters, conversation.removed leaves lists and threads', () => {
    const row = conversationFactory.queued()
    const { queries, apply, rowsNow } = setup()
    apply('conversation.created', row)
    expect(rowsNow()).toHaveLength(1)
    queries.setQueryData(messageKeys.thread(row.id), withNewest(undefined, messagePage([])))
    apply('conversation.removed', { id: row.id })
    expect(rowsNow()).toEqual([])
    expect(queries.getQueryData(messageKeys.thread(row.id))).toBeUndefined()
  })

  test('read.changed takes the unread mark away', () => {
    const row = conversationFactory.mine({ unread: 4 })
    const { apply, rowsNow } = setup(row)
    apply('read.changed', { conversation_id: row.id, user_id: user.id, seq: 3, unread: 0 })
    expect(rowsNow()[0]?.unread).toBe(0)
  })

  test('counts.changed without counts asks for them, with counts takes them', () => {
    const { queries, apply, caches } = setup()
    queries.setQueryData(conversationKeys.counts, { open: 1, mine: 1 } as ConversationCounts)
    apply('counts.changed', { open: 2 })
    expect(queries.getQueryData(conversationKeys.counts)).toMatchObject({ open: 2, mine: 1 })
    apply('counts.changed', {})
    expect(caches.refreshCounts).toHaveBeenCalledTimes(1)
  })

  test('an event this version does not know is ignored', () => {
    const { caches } = setup()
    const frame = {
      type: 'event',
      id: 'e',
      cursor: 'c',
      topic: 'inbox',
      name: 'takeover.requested',
      at: at(0),
      data: {},
    }
    expect(() => applyEvent(caches, frame as unknown as EventFrame)).not.toThrow()
  })
})
