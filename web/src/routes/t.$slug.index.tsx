import { createFileRoute, redirect } from '@tanstack/react-router'
import { meQuery } from '@/api/session'
import { firstPage } from '@/app/first-page'

/** Leads to the first page of the workspace the caller may see. */
export const Route = createFileRoute('/t/$slug/')({
  beforeLoad: async ({ context: { queries }, params }) => {
    const { membership } = await queries.ensureQueryData(meQuery)
    throw redirect({ to: firstPage((permission) => membership?.permissions.includes(permission) ?? false), params })
  },
})
