import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'

/** Mails somebody a link; the answer alone holds it, too. */
export function useCreateInvitation() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { email: string; role_id: string; team_ids: string[] }) =>
      withStepUp(() => call(client.POST('/api/invitations', { body }))),
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleKeys.invitations }),
    gcTime: 0, // the link stays no longer than the page that shows it
  })
}
