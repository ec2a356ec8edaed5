// The thread as rows of a virtual list: days, the divider before what is unread, messages, and at the end what has not
// left this browser yet.
import type { Message } from '@/api/types'
import type { OutboxEntry } from '@/realtime/outbox'

export type MessageRow = { kind: 'message'; key: string; message: Message; startsGroup: boolean }
export type LocalRow = { kind: 'local'; key: string; entry: OutboxEntry; startsGroup: boolean }
/** Something that happened to the conversation, told in a line of its own. */
export type EventRow = { kind: 'event'; key: string; message: Message }
export type ThreadRow =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string; count: number }
  | EventRow
  | MessageRow
  | LocalRow

/** Where the unread part began when the thread was opened; it stays there until the thread is left. */
export type Divider = { seq: number; count: number }

export function shownAt(message: Message): string {
  return message.provider_at ?? message.created_at
}

/** The first of the last `unread` messages of the contact; null when nothing is unread or it is not loaded. */
export function dividerOf(messages: Message[], unread: number): Divider | null {
  if (unread <= 0) return null
  const received = messages.filter((message) => message.direction === 'in')
  const first = received[Math.max(0, received.length - unread)]
  return first ? { seq: first.seq, count: Math.min(unread, received.length) } : null
}

export function threadRows(messages: Message[], unsent: OutboxEntry[], divider: Divider | null): ThreadRow[] {
  const rows: ThreadRow[] = []
  const known = new Set(messages.map((message) => message.client_id))
  let day = ''
  let previous: Message | null = null
  let divided = false
  const enterDay = (at: string): boolean => {
    const next = new Date(at).toDateString()
    if (next === day) return false
    day = next
    rows.push({ kind: 'day', key: `day-${next}`, at })
    return true
  }
  for (const message of messages.toSorted(inShownOrder)) {
    let starts = enterDay(shownAt(message))
    if (divider && !divided && message.seq >= divider.seq && message.direction === 'in') {
      rows.push({ kind: 'new', key: 'new', count: divider.count })
      divided = true
      starts = true
    }
    if (message.kind === 'event') {
      rows.push({ kind: 'event', key: message.id, message })
      previous = null
      continue
    }
    // An own message keeps the key it had before it left, so its bubble stays the same element.
    const key = message.client_id ?? message.id
    rows.push({ kind: 'message', key, message, startsGroup: starts || !continues(previous, message) })
    previous = message
  }
  for (const entry of unsent) {
    if (known.has(entry.client_id)) continue
    const starts = enterDay(entry.created_at)
    rows.push({ kind: 'local', key: entry.client_id, entry, startsGroup: starts || previous?.direction === 'in' })
    previous = null
  }
  return rows
}

/** Platforms tell the time in whole seconds; within one of them the order of arrival is the better witness. */
function inShownOrder(a: Message, b: Message): number {
  const seconds = 'YYYY-MM-DDThh:mm:ss'.length
  const [left, right] = [shownAt(a).slice(0, seconds), shownAt(b).slice(0, seconds)]
  if (left !== right) return left < right ? -1 : 1
  return a.seq - b.seq
}

function continues(previous: Message | null, message: Message): boolean {
  return (
    previous !== null &&
    previous.direction === message.direction &&
    previous.sender.kind === message.sender.kind &&
    previous.sender.id === message.sender.id
  )
}

/** How many messages of the contact lie behind the end of the screen. */
export function receivedAfter(rows: ThreadRow[], seenSeq: number): number {
  return rows.filter((row) => row.kind === 'message' && row.message.direction === 'in' && row.message.seq > seenSeq)
    .length
}
