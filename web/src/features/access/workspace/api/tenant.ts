import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { sessionKeys, workspaceKeys } from '@/api/keys'
import type { CurrentTenant, Me } from '@/api/types'

export const tenantQuery = queryOptions({
  queryKey: workspaceKeys.tenant,
  queryFn: ({ signal }) => call(client.GET('/api/tenants/current', { signal })),
})

type Change = Pick<CurrentTenant, 'name' | 'slug' | 'timezone' | 'languages'>

/** Changes what the workspace is called, and where and how it speaks. */
export function useUpdateTenant() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Change) => call(client.PATCH('/api/tenants/current', { body })),
    onSuccess: (tenant) => {
      queries.setQueryData<CurrentTenant>(workspaceKeys.tenant, tenant)
      const { id, name, slug } = tenant
      queries.setQueryData<Me>(sessionKeys.me, (me) =>
        me?.tenant
          ? {
              ...me,
              tenant: { ...me.tenant, name, slug },
              memberships: me.memberships.map((one) =>
                one.tenant.id === id ? { ...one, tenant: { id, name, slug } } : one,
              ),
            }
          : me,
      )
    },
  })
}
