import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { goToWorkspace } from '@/app/leave'
import { pageLink } from '@/app/page-frame'
import { platformSettingsQuery } from '@/features/access/platform/api/platform-settings'
import { MailPanel } from '@/features/access/platform/mail-panel'
import { OwnWorkspacePanel } from '@/features/access/platform/own-workspace-panel'
import { PlatformForm } from '@/features/access/platform/platform-form'
import { ErrorPanel } from '@/ui/error-panel'
import { PageMain } from '@/ui/page-main'
import { Skeleton } from '@/ui/skeleton'

export const Route = createFileRoute('/platform/settings')({ component: PlatformSettingsPage })

function PlatformSettingsPage() {
  const { t } = useTranslation()
  const platform = useQuery(platformSettingsQuery)
  const problem = asProblem(platform.error)
  return (
    <PageMain title={t('platform.settings')} lead={t('platform.lead')}>
      {platform.data ? (
        <>
          <OwnWorkspacePanel onMade={goToWorkspace} />
          <MailPanel
            mail={platform.data.settings.mail}
            toMailbox={
              !platform.data.settings.mail.server && (
                <Link to="/platform/mailbox" className={pageLink}>
                  {t('platform.to_mailbox')}
                </Link>
              )
            }
          />
          <PlatformForm {...platform.data} />
        </>
      ) : problem ? (
        <ErrorPanel
          problem={problem}
          what={t('platform.failed')}
          onRetry={() => platform.refetch()}
          retrying={platform.isFetching}
        />
      ) : (
        <>
          <Skeleton className="h-44" />
          <Skeleton className="h-24" />
          <Skeleton className="h-56" />
        </>
      )}
    </PageMain>
  )
}
