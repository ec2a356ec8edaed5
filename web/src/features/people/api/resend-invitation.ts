import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'

/** Mails another link, good for seven days; the one before no longer works. */
export function useResendInvitation() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(client.POST('/api/invitations/{id}/resend', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: peopleKeys.invitations }),
    gcTime: 0,
  })
}
