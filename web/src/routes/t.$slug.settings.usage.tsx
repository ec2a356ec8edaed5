import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import { usageQuery } from '@/features/usage/api/get-usage'
import { UsagePanels } from '@/features/usage/usage-panels'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { ErrorPanel } from '@/ui/error-panel'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'
import { Skeleton } from '@/ui/skeleton'

export const Route = createFileRoute('/t/$slug/settings/usage')({ component: UsagePage })

function UsagePage() {
  const { t } = useTranslation()
  const format = useFormat()
  const allowed = useSession().may('billing.manage')
  const usage = useQuery({ ...usageQuery, enabled: allowed })
  const problem = asProblem(usage.error)
  if (!allowed) return <NoPermission permission="billing.manage" />
  return (
    <PageMain
      wide
      title={t('settings.usage')}
      lead={t('usage.lead')}
      actions={
        usage.data && (
          <div className="flex flex-wrap items-center gap-3">
            <p role="status" className="text-compact text-ink-2">
              {t('usage.plan', { plan: usage.data.plan })} ·{' '}
              {t('common.as_of', { time: format.clockWithSeconds(usage.data.as_of) })}
            </p>
            <Button busy={usage.isFetching} onClick={() => usage.refetch()}>
              <RotateCw aria-hidden className="size-4" strokeWidth={1.75} />
              {t('common.refresh')}
            </Button>
          </div>
        )
      }
    >
      {usage.data ? (
        <UsagePanels report={usage.data} />
      ) : problem ? (
        <ErrorPanel
          problem={problem}
          what={t('usage.failed')}
          onRetry={() => usage.refetch()}
          retrying={usage.isFetching}
        />
      ) : (
        <>
          <Skeleton className="h-48" />
          <Skeleton className="h-48" />
        </>
      )}
    </PageMain>
  )
}
