// What each event does to the caches: one row per event name. A new event is a new row here, never a listener.
import type { QueryClient } from '@tanstack/react-query'
import {
  type ConversationFilter,
  channelKeys,
  conversationKeys,
  messageKeys,
  sessionKeys,
  workspaceKeys,
} from '@/api/keys'
import type { Channel, Conversation, ConversationCounts, Message } from '@/api/types'
import { type ConversationList, fresher, remove, upsert, withMessage as withLastMessage } from './conversations.model'
import type { EventFrame, EventName, Events } from './frames'
import { type Thread, withReport, withRow } from './thread.model'

export type Caches = {
  queries: QueryClient
  userId: string
  /** Reads a conversation that a message named and no cache holds. */
  fetchConversation: (id: string) => void
  /** Reads the counts again, soon and not more often than the server can bear. */
  refreshCounts: () => void
}

const appliers: { [Name in EventName]: (caches: Caches, data: Events[Name]) => void } = {
  'message.created': (caches, { message, conversation }) => {
    putMessage(caches, message)
    const row = findConversation(caches.queries, conversation.id)
    if (row) putConversation(caches, withLastMessage(row, message, conversation))
    else caches.fetchConversation(conversation.id)
  },
  'message.updated': (caches, { message, conversation }) => {
    putMessage(caches, message)
    const row = findConversation(caches.queries, conversation.id)
    if (row) putConversation(caches, withLastMessage(row, message, conversation))
  },
  'message.status': (caches, report) => {
    caches.queries.setQueryData<Thread>(messageKeys.thread(report.conversation_id), (thread) =>
      thread ? withReport(thread, report) : thread,
    )
    const row = findConversation(caches.queries, report.conversation_id)
    if (row?.last_message?.id !== report.id) return
    putConversation(caches, { ...row, last_message: { ...row.last_message, status: report.status } })
  },
  'conversation.created': putConversation,
  'conversation.updated': putConversation,
  'conversation.event': (caches, { event }) => putMessage(caches, event),
  'conversation.removed': ({ queries }, { id }) => {
    queries.setQueriesData<ConversationList>({ queryKey: conversationKeys.lists }, (list) => list && remove(list, id))
    // Nothing of it stays in memory; what is on screen asks again and is told that it is not there any more.
    void queries.resetQueries({ queryKey: messageKeys.thread(id) })
    void queries.resetQueries({ queryKey: conversationKeys.detail(id) })
  },
  'read.changed': (caches, { conversation_id, unread }) => {
    const row = findConversation(caches.queries, conversation_id)
    if (row) putConversation(caches, { ...row, unread })
  },
  'counts.changed': ({ queries, refreshCounts }, counts) => {
    const known = queries.getQueryData<ConversationCounts>(conversationKeys.counts)
    if (known && Object.keys(counts).length > 0) {
      queries.setQueryData<ConversationCounts>(conversationKeys.counts, { ...known, ...counts })
    } else {
      refreshCounts()
    }
  },
  'channel.status': ({ queries }, { id, status, status_reason }) => {
    queries.setQueryData<{ items: Channel[] }>(
      channelKeys.list,
      (page) =>
        page && {
          ...page,
          items: page.items.map((item) =>
            item.id === id ? { ...item, status, status_reason: status_reason ?? null } : item,
          ),
        },
    )
  },
  'workspace.changed': ({ queries }) => {
    void queries.invalidateQueries({ queryKey: sessionKeys.me })
    void queries.invalidateQueries({ queryKey: workspaceKeys.all })
  },
  'permissions.changed': ({ queries }) => {
    void queries.invalidateQueries({ queryKey: sessionKeys.me })
    void queries.invalidateQueries({ queryKey: conversationKeys.all })
  },
  // The socket closes with 4001 right after; connection.ts decides what follows.
  'session.revoked': () => {},
}

export function applyEvent(caches: Caches, frame: EventFrame): void {
  const apply = appliers[frame.name] as ((caches: Caches, data: unknown) => void) | undefined
  apply?.(caches, frame.data)
}

/** When an event last brought a row, by the clock of this page: a read that began before does not know it. */
const arrivedAt = new WeakMap<Conversation, number>()

export function arrivedSince(row: Conversation, startedAt: number): boolean {
  return (arrivedAt.get(row) ?? Number.NEGATIVE_INFINITY) >= startedAt
}

/** Writes a row to its detail and to every loaded list it belongs to. Answers of verbs use it as events do. */
export function putConversation({ queries, userId }: Pick<Caches, 'queries' | 'userId'>, row: Conversation): void {
  arrivedAt.set(row, performance.now())
  queries.setQueryData<Conversation>(conversationKeys.detail(row.id), (cached) => cached && fresher(cached, row))
  for (const [key, list] of queries.getQueriesData<ConversationList>({ queryKey: conversationKeys.lists })) {
    if (list) queries.setQueryData<ConversationList>(key, upsert(list, row, key[2] as ConversationFilter, userId))
  }
}

export function putMessage({ queries }: Pick<Caches, 'queries'>, message: Message): void {
  queries.setQueryData<Thread>(messageKeys.thread(message.conversation_id), (thread) =>
    thread ? withRow(thread, message) : thread,
  )
}

/** The freshest cached state of a conversation. */
export function findConversation(queries: QueryClient, id: string): Conversation | undefined {
  let found = queries.getQueryData<Conversation>(conversationKeys.detail(id))
  for (const [, list] of queries.getQueriesData<ConversationList>({ queryKey: conversationKeys.lists })) {
    const row = list?.items.find((item) => item.id === id)
    if (row) found = found ? fresher(found, row) : row
  }
  return found
}
