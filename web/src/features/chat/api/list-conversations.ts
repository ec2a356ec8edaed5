import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callForResponse, client } from '@/api/client'
import { type ConversationFilter, conversationKeys } from '@/api/keys'
import { arrivedSince } from '@/realtime/apply'
import { type ConversationList, withFreshHead, withNextPage } from '@/realtime/conversations.model'
import type { Realtime } from '@/realtime/realtime'
import { useWorkspace } from '@/realtime/workspace'

const pageSize = 50
const longestPage = 200

function parameters({ view, unread }: ConversationFilter) {
  return {
    status: [view === 'unassigned' ? ('unassigned' as const) : ('open' as const)],
    ...(view === 'mine' ? { assignee: 'me' } : {}),
    ...(unread ? { unread: true } : {}),
  }
}

/** The head of a list. Reading it again reads as many rows as are loaded, up to the longest page the server gives. */
export function conversationListQuery(filter: ConversationFilter, realtime: Realtime) {
  return queryOptions({
    queryKey: conversationKeys.list(filter),
    queryFn: async ({ client: queries, queryKey, signal }): Promise<ConversationList> => {
      const startedAt = performance.now()
      const loaded = queries.getQueryData<ConversationList>(queryKey)?.items.length ?? 0
      const limit = Math.min(longestPage, Math.max(pageSize, loaded))
      const { data, response } = await callForResponse(
        client.GET('/api/conversations', { params: { query: { ...parameters(filter), limit } }, signal }),
      )
      realtime.offerCursor(response.headers.get('X-Cursor'))
      return withFreshHead(queries.getQueryData(queryKey), data, (row) => arrivedSince(row, startedAt))
    },
  })
}

export function useConversationList(filter: ConversationFilter) {
  const { realtime } = useWorkspace()
  const queries = useQueryClient()
  const list = useQuery(conversationListQuery(filter, realtime))
  const cursor = list.data?.next_cursor ?? null
  const more = useMutation({
    mutationFn: async () => {
      if (cursor === null) return
      const query = { ...parameters(filter), limit: pageSize, cursor }
      const page = await call(client.GET('/api/conversations', { params: { query } }))
      queries.setQueryData<ConversationList>(conversationKeys.list(filter), (loaded) =>
        // Read anew meanwhile: the page belongs to a list that is not there any more.
        loaded?.next_cursor === cursor ? withNextPage(loaded, page) : loaded,
      )
    },
  })
  const loadMore = () => {
    if (cursor !== null && !more.isPending) more.mutate()
  }
  return { list, loadMore, hasMore: cursor !== null, loadingMore: more.isPending, moreFailed: more.isError }
}
