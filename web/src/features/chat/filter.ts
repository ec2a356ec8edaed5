// The filter of a list in the address bar. What is as usual (all open, read or not) is left out of it.
import type { ConversationFilter, ConversationView } from '@/api/keys'

const views: readonly ConversationView[] = ['mine', 'unassigned', 'all']

export type ListSearch = { unread?: true }
export type ConversationSearch = ListSearch & { view?: ConversationView }

export function isView(value: unknown): value is ConversationView {
  return views.some((view) => view === value)
}

export function readListSearch(search: Record<string, unknown>): ListSearch {
  return search.unread === true ? { unread: true } : {}
}

export function readConversationSearch(search: Record<string, unknown>): ConversationSearch {
  return { ...readListSearch(search), ...(isView(search.view) ? { view: search.view } : {}) }
}

export function listSearch({ unread }: ConversationFilter): ListSearch {
  return unread ? { unread: true } : {}
}

export function conversationSearch(filter: ConversationFilter): ConversationSearch {
  return { ...listSearch(filter), ...(filter.view === 'all' ? {} : { view: filter.view }) }
}
