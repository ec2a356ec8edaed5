import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { conversationKeys } from '@/api/keys'
import { useSession } from '@/api/session'
import { findConversation, putConversation } from '@/realtime/apply'

/** Moves the caller's own marker. The row shows it at once; a failure is made good by the next opening. */
export function useMarkRead() {
  const queries = useQueryClient()
  const { user } = useSession()
  const caches = { queries, userId: user.id }
  return useMutation({
    mutationFn: ({ id, seq }: { id: string; seq: number }) =>
      call(client.POST('/api/conversations/{id}/read', { params: { path: { id } }, body: { seq } })),
    onMutate: ({ id }) => {
      const row = findConversation(queries, id)
      if (row) putConversation(caches, { ...row, unread: 0 })
    },
    onSuccess: (row) => putConversation(caches, row),
    onSettled: () => queries.invalidateQueries({ queryKey: conversationKeys.counts }),
  })
}
