import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { messageKeys } from '@/api/keys'
import { type Hole, type Thread, withNewest, withOlder, withRange } from '@/realtime/thread.model'

export const pageSize = 50
export const longestPage = 200

function read(conversationId: string, query: { before?: number; after?: number; limit: number }, signal?: AbortSignal) {
  const params = { path: { id: conversationId }, query: { ...query, include: ['events' as const] } }
  return call(client.GET('/api/conversations/{id}/messages', { params, ...(signal ? { signal } : {}) }))
}

/** The newest messages; reading again joins what is loaded. `unread` makes the first page reach the first unread one. */
export function threadQuery(conversationId: string, unread = 0) {
  return queryOptions({
    queryKey: messageKeys.thread(conversationId),
    queryFn: async ({ client: queries, queryKey, signal }): Promise<Thread> => {
      const loaded = queries.getQueryData<Thread>(queryKey)?.items.length ?? 0
      const limit = Math.min(longestPage, Math.max(pageSize, loaded, unread + 10))
      const page = await read(conversationId, { limit }, signal)
      return withNewest(queries.getQueryData<Thread>(queryKey), page)
    },
  })
}

/** One page further back. */
export function useLoadOlder(conversationId: string) {
  const queries = useQueryClient()
  const key = messageKeys.thread(conversationId)
  return useMutation({
    mutationFn: async (limit: number) => {
      const thread = queries.getQueryData<Thread>(key)
      if (!thread?.hasBefore) return
      const page = await read(conversationId, { before: thread.from, limit })
      queries.setQueryData<Thread>(key, (current) =>
        current?.from === thread.from ? withOlder(current, page) : current,
      )
    },
  })
}

/** The range behind a hole; an empty answer closes it too. */
export function useFillHole(conversationId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (hole: Hole) => {
      const page = await read(conversationId, { after: hole.after, limit: longestPage })
      queries.setQueryData<Thread>(
        messageKeys.thread(conversationId),
        (thread) => thread && withRange(thread, page, hole),
      )
    },
  })
}
