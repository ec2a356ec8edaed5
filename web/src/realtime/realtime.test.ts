import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { conversationKeys } from '@/api/keys'
import type { Conversation, ConversationCounts } from '@/api/types'
import { at, conversationFactory, messageFactory, user } from '@/test/factories'
import { stubLocks } from '@/test/locks'
import { type ScriptedSocket, stubSockets } from '@/test/socket'
import type { ConversationList } from './conversations.model'
import type { EventFrame } from './frames'
import { Realtime } from './realtime'
import { Tabs } from './tabs'

const all = { view: 'all', unread: false } as const
const closing: (() => void)[] = []
let sockets: ScriptedSocket[] = []

beforeEach(() => {
  stubLocks()
  sockets = stubSockets()
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

function openTab(scope: string, rows: Conversation[] = []) {
  const queries = new QueryClient()
  queries.setQueryData<ConversationList>(conversationKeys.list(all), { items: rows, next_cursor: null })
  const tabs = new Tabs(scope)
  const realtime = new Realtime({ scope, userId: user.id, queries, tabs })
  const close = () => {
    realtime.stop()
    tabs.close()
  }
  closing.push(close)
  realtime.start()
  const rowsNow = () => queries.getQueryData<ConversationList>(conversationKeys.list(all))?.items ?? []
  return { realtime, queries, rowsNow, close }
}

const arrival = (id: string, row: Conversation, seq: number): EventFrame => ({
  type: 'event',
  id,
  cursor: 'c2',
  topic: 'inbox',
  name: 'message.created',
  at: at(seq),
  data: {
    message: messageFactory.received(seq, { conversation_id: row.id }),
    conversation: { ...row, version: row.version + seq, last_seq: seq, unread: seq },
  },
})

const opened = (count: number) => vi.waitFor(() => expect(sockets).toHaveLength(count))
const socket = (index: number) => sockets[index] as ScriptedSocket

describe('one tab', () => {
  test('connects when the first list named its cursor, and begins there', async () => {
    const { realtime } = openTab(crypto.randomUUID())
    expect(sockets).toHaveLength(0)
    await Promise.resolve()
    realtime.offerCursor('c1')
    await opened(1)
    socket(0).accept()
    expect(socket(0).sent[0]).toMatchObject({ type: 'subscribe', since: 'c1' })
  })

  test('goes on from the newest cursor a frame handed out, never from that of an event', async () => {
    const row = conversationFactory.mine()
    const { realtime } = openTab(crypto.randomUUID(), [row])
    realtime.offerCursor('c1')
    await opened(1)
    socket(0).accept({ cursor: 'c5' })
    socket(0).say({ type: 'cursor', cursor: 'c6' })
    socket(0).say({ ...arrival('e1', row, 4), cursor: 'c1' })
    socket(0).end(4008)
    await opened(2)
    socket(1).accept()
    expect(socket(1).sent[0]).toMatchObject({ since: 'c6' })
  })

  test('applies a repeated event once', async () => {
    const row = conversationFactory.mine()
    const { realtime, rowsNow } = openTab(crypto.randomUUID(), [row])
    const heard = vi.fn()
    realtime.onEvent(heard)
    realtime.offerCursor('c1')
    await opened(1)
    socket(0).accept()
    socket(0).say(arrival('e1', row, 4))
    socket(0).say(arrival('e1', row, 4))
    await vi.waitFor(() => expect(rowsNow()[0]?.unread).toBe(4))
    expect(heard).toHaveBeenCalledTimes(1)
  })

  test('reset reads everything on screen again', async () => {
    const { realtime, queries } = openTab(crypto.randomUUID())
    realtime.offerCursor('c1')
    await opened(1)
    socket(0).accept({ reset: true })
    expect(queries.getQueryState(conversationKeys.list(all))?.isInvalidated).toBe(true)
  })

  test('a count that differs after a return reads the lists again', async () => {
    const { realtime, queries } = openTab(crypto.randomUUID())
    const counts = { open: 3, mine: 1 } as ConversationCounts
    queries.setQueryData(conversationKeys.counts, counts)
    realtime.offerCursor('c1')
    await opened(1)
    socket(0).accept({ resumed: true })
    socket(0).say({ type: 'pong', cursor: 'c2', counts })
    expect(queries.getQueryState(conversationKeys.list(all))?.isInvalidated).toBe(false)
    socket(0).end(4008)
    await opened(2)
    socket(1).accept({ resumed: true })
    socket(1).say({ type: 'pong', cursor: 'c3', counts: { ...counts, open: 4 } })
    expect(queries.getQueryState(conversationKeys.list(all))?.isInvalidated).toBe(true)
    expect(queries.getQueryData(conversationKeys.counts)).toMatchObject({ open: 4 })
  })

  test('listens to a conversation while it is open', async () => {
    const { realtime } = openTab(crypto.randomUUID())
    realtime.offerCursor('c1')
    await opened(1)
    socket(0).accept()
    const leave = realtime.watch('k')
    expect(socket(0).sent.at(-1)).toMatchObject({ type: 'subscribe', topics: ['conversation:k'] })
    leave()
    expect(socket(0).sent.at(-1)).toMatchObject({ type: 'unsubscribe', topics: ['conversation:k'] })
  })
})

describe('two tabs', () => {
  test('share one socket, and each fills its own caches', async () => {
    const scope = crypto.randomUUID()
    const row = conversationFactory.mine()
    const first = openTab(scope, [row])
    const second = openTab(scope, [row])
    first.realtime.offerCursor('c1')
    second.realtime.offerCursor('c2')
    await opened(1)
    socket(0).accept()
    socket(0).say(arrival('e1', row, 4))
    await vi.waitFor(() => expect([first.rowsNow()[0]?.unread, second.rowsNow()[0]?.unread]).toEqual([4, 4]))
    await vi.waitFor(() => expect(second.realtime.current().phase).toBe('live'))
    expect(sockets).toHaveLength(1)
  })

  test('when the leader goes, the other goes on from what it has', async () => {
    const scope = crypto.randomUUID()
    const first = openTab(scope)
    const second = openTab(scope)
    first.realtime.offerCursor('c1')
    await opened(1)
    socket(0).accept()
    socket(0).say({ type: 'cursor', cursor: 'c9' })
    await vi.waitFor(() => expect(second.realtime.current().phase).toBe('live'))
    first.close()
    await opened(2)
    socket(1).accept()
    expect(socket(1).sent[0]).toMatchObject({ since: 'c9' })
  })
})
