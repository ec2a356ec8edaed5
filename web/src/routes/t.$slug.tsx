import { createFileRoute, notFound, Outlet, useParams } from '@tanstack/react-router'
import { meQuery } from '@/api/session'
import { requireSession } from '@/app/require-session'
import { tellTabs } from '@/app/session-tabs'
import { WorkspaceFrame } from '@/app/workspace-frame'
import { switchWorkspace } from '@/features/access/api/switch-workspace'

/** Every page of a workspace: the caller is signed in, and the session is turned to the workspace of the address. */
export const Route = createFileRoute('/t/$slug')({
  beforeLoad: async ({ context: { queries }, params, location }) => {
    const { me } = await requireSession(queries, location.href)
    if (me.tenant?.slug === params.slug) return
    const other = me.memberships.find((item) => item.tenant.slug === params.slug && item.status === 'active')
    if (!other) throw notFound()
    await switchWorkspace(other.tenant.id)
    queries.clear()
    await queries.fetchQuery(meQuery)
    tellTabs({ kind: 'switched', slug: params.slug })
  },
  component: WorkspaceLayout,
})

function WorkspaceLayout() {
  const { conversation } = useParams({ strict: false })
  return (
    <WorkspaceFrame immersed={conversation !== undefined}>
      <Outlet />
    </WorkspaceFrame>
  )
}
