import { createFileRoute, redirect } from '@tanstack/react-router'
import { meQuery } from '@/api/session'

/** Leads to the first page of the workspace the caller may see. */
export const Route = createFileRoute('/t/$slug/')({
  beforeLoad: async ({ context: { queries }, params }) => {
    const { membership } = await queries.ensureQueryData(meQuery)
    // What a page of settings is called and looks like is no part of the entry.
    const { firstPage } = await import('@/app/first-page')
    throw redirect({ to: firstPage((permission) => membership?.permissions.includes(permission) ?? false), params })
  },
})
