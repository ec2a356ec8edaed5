import { createFileRoute, notFound, redirect } from '@tanstack/react-router'
import { asProblem } from '@/api/problem'
import { configQuery, meQuery } from '@/api/session'

/** Leads to where the caller works, or to the sign-in. */
export const Route = createFileRoute('/')({
  beforeLoad: async ({ context }) => {
    const me = await context.queries.fetchQuery(meQuery).catch(async (error: unknown) => {
      if (!asProblem(error)?.signedOut) throw error
      const config = await context.queries.ensureQueryData(configQuery).catch(() => null)
      throw redirect({ to: config?.setup_needed ? '/setup' : '/login' })
    })
    if (!me.tenant && me.user.platform_role) throw redirect({ to: '/platform/settings' })
    if (!me.tenant) throw notFound()
    throw redirect({ to: '/t/$slug', params: { slug: me.tenant.slug } })
  },
})
