import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useSession } from '@/api/session'
import { openWorkspace, WorkspaceProvider } from '@/realtime/workspace'
import { ElsewherePage } from './elsewhere-page'
import { goToSignIn } from './leave'
import { usePalette } from './palette'
import { onSessionNews } from './session-tabs'
import { Shell } from './shell'
import { SuspendedPage } from './suspended-page'

/** What stands around a page while the session is turned to a workspace. */
export function WorkspaceFrame({ immersed = false, children }: { immersed?: boolean; children: ReactNode }) {
  const queries = useQueryClient()
  const { tenant, user, appearance } = useSession()
  usePalette(appearance.palette)
  const elsewhere = useElsewhere(tenant.slug)
  if (tenant.status === 'suspended') return <SuspendedPage />
  if (elsewhere) return <ElsewherePage here={tenant} there={elsewhere} />
  return (
    <WorkspaceProvider workspace={openWorkspace(tenant.id, user.id, queries)}>
      <Shell immersed={immersed}>{children}</Shell>
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
