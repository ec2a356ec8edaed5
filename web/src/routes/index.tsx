import { createFileRoute, notFound, redirect } from '@tanstack/react-router'
import { asProblem } from '@/api/problem'
import { meQuery } from '@/api/session'

/** Leads to where the caller works, or to the sign-in. */
export const Route = createFileRoute('/')({
  beforeLoad: async ({ context }) => {
    const me = await context.queries.fetchQuery(meQuery).catch((error: unknown) => {
      if (asProblem(error)?.signedOut) throw redirect({ to: '/login' })
      throw error
    })
    if (!me.tenant) throw notFound()
    throw redirect({ to: '/t/$slug/inbox', params: { slug: me.tenant.slug } })
  },
})
