import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import { navigationQuery } from '@/features/access/workspace/api/navigation'
import { NavigationForm } from '@/features/access/workspace/navigation-form'
import { ErrorPanel } from '@/ui/error-panel'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'
import { Skeleton } from '@/ui/skeleton'

export const Route = createFileRoute('/t/$slug/settings/navigation')({ component: NavigationPage })

function NavigationPage() {
  const { t } = useTranslation()
  const allowed = useSession().may('settings.manage')
  const navigation = useQuery({ ...navigationQuery, enabled: allowed })
  const problem = asProblem(navigation.error)
  if (!allowed) return <NoPermission permission="settings.manage" />
  return (
    <PageMain title={t('settings.navigation')} lead={t('navigation.lead')}>
      {navigation.data ? (
        <NavigationForm {...navigation.data} />
      ) : problem ? (
        <ErrorPanel
          problem={problem}
          what={t('navigation.failed')}
          onRetry={() => navigation.refetch()}
          retrying={navigation.isFetching}
        />
      ) : (
        <>
          <Skeleton className="h-52" />
          <Skeleton className="h-52" />
        </>
      )}
    </PageMain>
  )
}
