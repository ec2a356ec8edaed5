import { useMutation } from '@tanstack/react-query'
import { callForResponse, client } from '@/api/client'
import type { AuditQuery } from '@/api/keys'

/** Everything the filters let through, as CSV. */
export function useExportEntries() {
  return useMutation({
    mutationFn: async (query: AuditQuery) => {
      const { data, response } = await callForResponse<unknown>(
        client.GET('/api/audit-logs/export', { params: { query }, parseAs: 'blob' }),
      )
      const [, name] = /filename="?([^";]+)/.exec(response.headers.get('Content-Disposition') ?? '') ?? []
      return { name: name ?? 'audit-log.csv', content: data as Blob }
    },
  })
}
