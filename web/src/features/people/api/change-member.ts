import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'

export type MemberChange = {
  id: string
  role_id?: string
  state?: 'active' | 'suspended'
  team_ids?: string[]
  /** Who gets the open conversations of somebody who can no longer answer them; else their queues do. */
  reassign_to?: string
}

/** Changes what is given of a member; felt by them within a second. */
export function useChangeMember() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: MemberChange) =>
      withStepUp(() => call(client.PATCH('/api/members/{id}', { params: { path: { id } }, body }))),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: peopleKeys.members })
      void queries.invalidateQueries({ queryKey: peopleKeys.roles })
    },
  })
}
