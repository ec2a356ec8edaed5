import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from './client'
import { sessionKeys } from './keys'
import type { Me } from './types'

type UpdateMe = { name?: string; locale?: string; timezone?: string; preferences?: Record<string, string> }

/** Changes the caller's own settings, for all their devices. Members of `preferences` are set one by one. */
export function useUpdateMe() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: UpdateMe) => call(client.PATCH('/api/auth/me', { body })),
    onSuccess: (me) => queries.setQueryData<Me>(sessionKeys.me, me),
  })
}
