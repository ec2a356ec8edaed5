// Lists of conversations as the cache holds them, and how an answer or an event changes one. Everything is pure.
// One rule settles every race: a row older than the cached one is dropped, so nothing flickers back.
import type { ConversationFilter } from '@/api/keys'
import type { Conversation, ConversationPage, Message } from '@/api/types'
import type { ConversationPatch } from './frames'

/** The loaded head of a list, newest first; `next_cursor` null means that it is whole. */
export type ConversationList = { items: Conversation[]; next_cursor: string | null }

const unassigned: readonly Conversation['status'][] = ['queued', 'offered']
const ended: readonly Conversation['status'][] = ['resolved', 'closed']

/** What lists are sorted by. */
export function lastActivity(conversation: Conversation): string {
  return conversation.last_message?.created_at ?? conversation.created_at
}

export function byActivity(a: Conversation, b: Conversation): number {
  const [left, right] = [lastActivity(a), lastActivity(b)]
  if (left !== right) return left < right ? 1 : -1
  return a.id < b.id ? 1 : -1
}

export function belongs(conversation: Conversation, filter: ConversationFilter, userId: string): boolean {
  if (filter.unread && conversation.unread === 0) return false
  if (ended.includes(conversation.status)) return false
  switch (filter.view) {
    case 'mine':
      return conversation.assignee?.id === userId
    case 'unassigned':
      return unassigned.includes(conversation.status)
    case 'all':
      return true
  }
}

/** The newer of two states of one row. An equal age lets the incoming one win: it may be the caller's own read marker. */
export function fresher(cached: Conversation | undefined, incoming: Conversation): Conversation {
  if (!cached) return incoming
  if (incoming.version !== cached.version) return incoming.version > cached.version ? incoming : cached
  return incoming.updated_at >= cached.updated_at ? incoming : cached
}

/** A row that an event brought or changed; it enters only where it sorts into the loaded part. */
export function upsert(
  list: ConversationList,
  incoming: Conversation,
  filter: ConversationFilter,
  userId: string,
): ConversationList {
  const at = list.items.findIndex((item) => item.id === incoming.id)
  if (at >= 0) {
    const row = fresher(list.items[at], incoming)
    if (row === list.items[at]) return list
    return belongs(row, filter, userId)
      ? { ...list, items: list.items.with(at, row) }
      : { ...list, items: list.items.toSpliced(at, 1) }
  }
  if (!belongs(incoming, filter, userId)) return list
  const last = list.items.at(-1)
  if (last && list.next_cursor !== null && byActivity(incoming, last) > 0) return list
  return { ...list, items: [incoming, ...list.items] }
}

export function remove(list: ConversationList, id: string): ConversationList {
  const items = list.items.filter((item) => item.id !== id)
  return items.length === list.items.length ? list : { ...list, items }
}

/** A page that was asked for with the list's cursor. */
export function withNextPage(list: ConversationList, page: ConversationPage): ConversationList {
  const known = new Map(list.items.map((item) => [item.id, item]))
  const added = page.items.filter((item) => !known.has(item.id))
  for (const item of page.items) {
    const cached = known.get(item.id)
    if (cached) known.set(item.id, fresher(cached, item))
  }
  return {
    items: [...list.items.map((item) => known.get(item.id) ?? item), ...added],
    next_cursor: page.next_cursor,
  }
}

/**
 * The list after it was read anew from its head. Rows the answer does not hold have left the list, except those that
 * an event brought while the read was under way (`arrived`).
 */
export function withFreshHead(
  list: ConversationList | undefined,
  page: ConversationPage,
  arrived: (row: Conversation) => boolean,
): ConversationList {
  const cached = new Map(list?.items.map((item) => [item.id, item]))
  const answered = new Set(page.items.map((item) => item.id))
  const late = (list?.items ?? []).filter((item) => !answered.has(item.id) && arrived(item))
  return {
    items: [...late, ...page.items.map((item) => fresher(cached.get(item.id), item))],
    next_cursor: page.next_cursor,
  }
}

/** A row after a message came or changed: the patch follows the row's version, the last message its own sequence. */
export function withMessage(row: Conversation, message: Message, patch: ConversationPatch): Conversation {
  const current = patch.version >= row.version ? { ...row, ...patch } : row
  const { id, seq, direction, kind, text, status, sender, created_at } = message
  if ((row.last_message && row.last_message.seq > seq) || direction === '') return current
  return { ...current, last_message: { id, seq, direction, kind, text, status, sender, created_at } }
}
