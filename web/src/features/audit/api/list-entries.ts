import { infiniteQueryOptions } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { type AuditQuery, auditKeys } from '@/api/keys'

/** The audit log, the newest first, as far back as somebody asks. */
export const entriesQuery = (query: AuditQuery) =>
  infiniteQueryOptions({
    queryKey: auditKeys.list(query),
    queryFn: ({ pageParam, signal }) =>
      call(
        client.GET('/api/audit-logs', {
          params: { query: { ...query, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
