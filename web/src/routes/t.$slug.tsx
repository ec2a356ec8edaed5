import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute, notFound, Outlet, redirect, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { asProblem } from '@/api/problem'
import { meQuery, useSession } from '@/api/session'
import { ElsewherePage } from '@/app/elsewhere-page'
import { goToSignIn } from '@/app/leave'
import { onSessionNews, tellTabs } from '@/app/session-tabs'
import { Shell } from '@/app/shell'
import { SuspendedPage } from '@/app/suspended-page'
import { switchWorkspace } from '@/features/access/api/switch-workspace'
import { openWorkspace, WorkspaceProvider } from '@/realtime/workspace'

/** Every page of a workspace: the caller is signed in, and the session is turned to the workspace of the address. */
export const Route = createFileRoute('/t/$slug')({
  beforeLoad: async ({ context: { queries }, params, location }) => {
    const me = await queries.ensureQueryData(meQuery).catch((error: unknown) => {
      if (asProblem(error)?.signedOut) throw redirect({ to: '/login', search: { redirect: location.href } })
      throw error
    })
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
  const queries = useQueryClient()
  const { tenant, user } = useSession()
  const { conversation } = useParams({ strict: false })
  const elsewhere = useElsewhere(tenant.slug)
  if (tenant.status === 'suspended') return <SuspendedPage />
  if (elsewhere) return <ElsewherePage here={tenant} there={elsewhere} />
  return (
    <WorkspaceProvider workspace={openWorkspace(tenant.id, user.id, queries)}>
      <Shell immersed={conversation !== undefined}>
        <Outlet />
      </Shell>
    </WorkspaceProvider>
  )
}

/** The workspace another tab turned the session to; null while it is ours. */
function useElsewhere(slug: string): string | null {
  const [elsewhere, setElsewhere] = useState<string | null>(null)
  useEffect(
    () =>
      onSessionNews((news) => {
        if (news.kind === 'signed_out') goToSignIn()
        else setElsewhere(news.slug === slug ? null : news.slug)
      }),
    [slug],
  )
  return elsewhere
}
