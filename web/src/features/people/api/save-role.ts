import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { peopleKeys } from '@/api/keys'
import { withStepUp } from '@/api/step-up'
import type { RoleDraft } from '../role.model'

/** A new role, or one as it was read: what somebody else changed meanwhile is not overwritten. */
export type SaveRole = { draft: RoleDraft; of: { id: string; version: number } | null }

export function useSaveRole() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ draft, of }: SaveRole) =>
      withStepUp(() =>
        of
          ? call(
              client.PATCH('/api/roles/{id}', {
                params: { path: { id: of.id } },
                headers: { 'If-Match': `"${of.version}"` },
                body: draft,
              }),
            )
          : call(client.POST('/api/roles', { body: draft })),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleKeys.roles }),
  })
}
