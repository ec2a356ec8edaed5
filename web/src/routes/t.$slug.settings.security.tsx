import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import { securityQuery } from '@/features/access/api/security-settings'
import { SecuritySettingsForm } from '@/features/access/security-settings-form'
import { ErrorPanel } from '@/ui/error-panel'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'
import { Skeleton } from '@/ui/skeleton'

export const Route = createFileRoute('/t/$slug/settings/security')({ component: SecuritySettingsPage })

function SecuritySettingsPage() {
  const { t } = useTranslation()
  const allowed = useSession().may('settings.manage')
  const security = useQuery({ ...securityQuery, enabled: allowed })
  const problem = asProblem(security.error)
  if (!allowed) return <NoPermission permission="settings.manage" />
  return (
    <PageMain title={t('settings.security')} lead={t('security.lead')}>
      {security.data ? (
        <SecuritySettingsForm {...security.data} />
      ) : problem ? (
        <ErrorPanel
          problem={problem}
          what={t('security.failed')}
          onRetry={() => security.refetch()}
          retrying={security.isFetching}
        />
      ) : (
        <>
          <Skeleton className="h-36" />
          <Skeleton className="h-24" />
          <Skeleton className="h-28" />
        </>
      )}
    </PageMain>
  )
}
