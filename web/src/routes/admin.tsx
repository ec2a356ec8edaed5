import { createFileRoute, notFound, redirect } from '@tanstack/react-router'
import { requireSession } from '@/app/require-session'

/** Where the people of the last workspace are looked after. */
export const Route = createFileRoute('/admin')({
  beforeLoad: async ({ context, location }) => {
    const { me } = await requireSession(context.queries, location.href)
    if (!me.tenant) throw notFound()
    throw redirect({ to: '/t/$slug/settings/people', params: { slug: me.tenant.slug } })
  },
})
