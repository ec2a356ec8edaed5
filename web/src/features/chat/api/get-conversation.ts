import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { conversationKeys } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { Conversation } from '@/api/types'
import { findConversation } from '@/realtime/apply'
import type { ConversationList } from '@/realtime/conversations.model'

/** A conversation by its id; a list that holds it already draws it at once. */
export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: conversationKeys.detail(id),
    queryFn: ({ signal }) => call(client.GET('/api/conversations/{id}', { params: { path: { id } }, signal })),
  })
}

const isNumber = (reference: string) => /^\d+$/.test(reference)

/** The id behind what the address bar shows: a number, or the id itself. */
export function conversationReferenceQuery(reference: string) {
  return queryOptions({
    queryKey: [...conversationKeys.all, 'reference', reference] as const,
    queryFn: async ({ client: queries, signal }): Promise<string> => {
      if (!isNumber(reference)) return reference
      const number = Number(reference)
      const query = { number, limit: 1 }
      const page = await call(client.GET('/api/conversations', { params: { query }, signal }))
      const found = page.items.find((item) => item.number === number)
      if (!found) throw new Problem(404, { code: 'not_found' })
      rememberConversation(queries, found)
      return found.id
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The id of a reference without asking the server, when a loaded list knows it. */
export function knownReference(queries: QueryClient, reference: string): string | undefined {
  if (!isNumber(reference)) return reference
  for (const [, list] of queries.getQueriesData<ConversationList>({ queryKey: conversationKeys.lists })) {
    const found = list?.items.find((item) => item.number === Number(reference))
    if (found) return found.id
  }
  return undefined
}

function rememberConversation(queries: QueryClient, conversation: Conversation): void {
  if (!findConversation(queries, conversation.id)) {
    queries.setQueryData(conversationKeys.detail(conversation.id), conversation)
  }
}
