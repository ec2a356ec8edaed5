import { useQuery } from '@tanstack/react-query'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import { brandingQuery } from '@/features/access/workspace/api/branding'
import { tenantQuery } from '@/features/access/workspace/api/tenant'
import { BrandingPanel } from '@/features/access/workspace/branding-panel'
import { WorkspaceForm } from '@/features/access/workspace/workspace-form'
import { ErrorPanel } from '@/ui/error-panel'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'
import { Skeleton } from '@/ui/skeleton'

export const Route = createFileRoute('/t/$slug/settings/workspace')({ component: WorkspacePage })

function WorkspacePage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const allowed = useSession().may('settings.manage')
  const tenant = useQuery({ ...tenantQuery, enabled: allowed })
  const branding = useQuery({ ...brandingQuery, enabled: allowed })
  const problems = { tenant: asProblem(tenant.error), branding: asProblem(branding.error) }
  if (!allowed) return <NoPermission permission="settings.manage" />
  return (
    <PageMain title={t('settings.workspace')} lead={t('workspace.lead')}>
      {tenant.data ? (
        <WorkspaceForm
          tenant={tenant.data}
          onMoved={(slug) =>
            navigate({ to: '/t/$slug/settings/workspace', params: { slug }, replace: true, ignoreBlocker: true })
          }
        />
      ) : problems.tenant ? (
        <ErrorPanel
          problem={problems.tenant}
          what={t('workspace.failed')}
          onRetry={() => tenant.refetch()}
          retrying={tenant.isFetching}
        />
      ) : (
        <>
          <Skeleton className="h-56" />
          <Skeleton className="h-56" />
        </>
      )}
      {branding.data ? (
        <BrandingPanel {...branding.data} />
      ) : problems.branding ? (
        <ErrorPanel
          problem={problems.branding}
          what={t('branding.failed')}
          onRetry={() => branding.refetch()}
          retrying={branding.isFetching}
        />
      ) : (
        <Skeleton className="h-72" />
      )}
    </PageMain>
  )
}
