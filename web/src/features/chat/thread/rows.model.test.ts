import { describe, expect, test } from 'vitest'
import type { OutboxEntry } from '@/realtime/outbox'
import { messageFactory } from '@/test/factories'
import { dividerOf, receivedAfter, threadRows } from './rows.model'

const entry = (client_id: string): OutboxEntry => ({
  scope: 's',
  client_id,
  conversation_id: 'k',
  text: 'on its way',
  reply_to: null,
  if_last_seq: null,
  created_at: '2026-11-21T13:00:00.000Z',
})
const kinds = (rows: ReturnType<typeof threadRows>) => rows.map((row) => row.kind)

describe('rows of a thread', () => {
  test('begin each day with its date', () => {
    const before = messageFactory.received(1, { created_at: '2026-11-20T12:00:00.000Z' })
    expect(kinds(threadRows([before, messageFactory.received(2)], [], null))).toEqual([
      'day',
      'message',
      'day',
      'message',
    ])
  })

  test('stand in the order they were written in, not in which they arrived', () => {
    const late = messageFactory.received(9, { provider_at: '2026-11-21T12:00:30.000Z' })
    const rows = threadRows([messageFactory.received(1), late], [], null)
    expect(rows.flatMap((row) => (row.kind === 'message' ? [row.message.seq] : []))).toEqual([9, 1])
  })

  test('keep the order of arrival within the second that the platform names', () => {
    const ours = messageFactory.ours(1, 'sent', { created_at: '2026-11-21T12:00:05.300Z' })
    const answer = messageFactory.received(2, { provider_at: '2026-11-21T12:00:05.000Z' })
    const rows = threadRows([ours, answer], [], null)
    expect(rows.flatMap((row) => (row.kind === 'message' ? [row.message.seq] : []))).toEqual([1, 2])
  })

  test('end with what has not left yet, and show it once when the server has it', () => {
    const sent = messageFactory.ours(2, 'queued', { client_id: 'c1' })
    expect(kinds(threadRows([messageFactory.received(1)], [entry('c1')], null))).toEqual(['day', 'message', 'local'])
    const rows = threadRows([messageFactory.received(1), sent], [entry('c1')], null)
    expect(kinds(rows)).toEqual(['day', 'message', 'message'])
    expect(rows.at(-1)?.key).toBe('c1')
  })

  test('group what one person wrote in a row', () => {
    const rows = threadRows(
      [messageFactory.received(1), messageFactory.received(2), messageFactory.ours(3, 'sent')],
      [],
      null,
    )
    expect(rows.flatMap((row) => (row.kind === 'message' ? [row.startsGroup] : []))).toEqual([true, false, true])
  })

  test('tell transitions in a line of their own', () => {
    expect(kinds(threadRows([messageFactory.event(1), messageFactory.received(2)], [], null))).toEqual([
      'day',
      'event',
      'message',
    ])
  })
})

describe('the divider', () => {
  const messages = [
    messageFactory.received(1),
    messageFactory.ours(2, 'sent'),
    messageFactory.received(3),
    messageFactory.received(4),
  ]

  test('stands before the first of the last unread messages of the contact', () => {
    const divider = dividerOf(messages, 2)
    expect(divider).toEqual({ seq: 3, count: 2 })
    expect(kinds(threadRows(messages, [], divider))).toEqual(['day', 'message', 'message', 'new', 'message', 'message'])
  })

  test('is missing when nothing is unread', () => {
    expect(dividerOf(messages, 0)).toBeNull()
  })

  test('counts what lies behind the end of the screen', () => {
    expect(receivedAfter(threadRows(messages, [], null), 3)).toBe(1)
  })
})
