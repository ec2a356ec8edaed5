import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { MailOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { lettersQuery } from '@/features/access/platform/api/list-letters'
import { Letter } from '@/features/access/platform/letter'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { PageMain } from '@/ui/page-main'
import { Skeleton } from '@/ui/skeleton'
import { StaleStamp } from '@/ui/stale-stamp'

export const Route = createFileRoute('/platform/mailbox')({ component: MailboxPage })

function MailboxPage() {
  const { t } = useTranslation()
  const letters = useQuery(lettersQuery)
  const problem = asProblem(letters.error)
  return (
    <PageMain title={t('platform.mailbox')} lead={t('platform.mailbox_lead')}>
      {letters.data && problem && (
        <StaleStamp readAt={letters.dataUpdatedAt} onRefresh={() => void letters.refetch()} busy={letters.isFetching} />
      )}
      {letters.data && letters.data.items.length > 0 ? (
        <div className="flex flex-col gap-2">
          {letters.data.items.map((letter, index) => (
            <Letter key={letter.id} letter={letter} open={index === 0} />
          ))}
        </div>
      ) : letters.data ? (
        <EmptyState icon={MailOpen} title={t('platform.mailbox_empty')}>
          {t('platform.mailbox_empty_body')}
        </EmptyState>
      ) : problem ? (
        <ErrorPanel
          problem={problem}
          what={t('platform.mailbox_failed')}
          onRetry={() => letters.refetch()}
          retrying={letters.isFetching}
        />
      ) : (
        <>
          <Skeleton className="h-14" />
          <Skeleton className="h-14" />
          <Skeleton className="h-14" />
        </>
      )}
    </PageMain>
  )
}
