import { useInfiniteQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { Skeleton } from '@/ui/skeleton'
import { StaleStamp } from '@/ui/stale-stamp'
import { entriesQuery } from './api/list-entries'
import { type AuditFilter, filterNames, queryOf } from './audit.model'
import { AuditRow } from './audit-row'

type Props = { filter: AuditFilter; onFilter: (filter: AuditFilter) => void }

export function AuditList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const entries = useInfiniteQuery(entriesQuery(queryOf(filter)))
  const problem = asProblem(entries.error)
  const items = entries.data?.pages.flatMap((page) => page.items)
  if (!items) {
    return problem ? (
      <ErrorPanel
        problem={problem}
        what={t('audit.failed')}
        onRetry={() => entries.refetch()}
        retrying={entries.isFetching}
      />
    ) : (
      <div role="status" aria-label={t('audit.loading')} className="flex flex-col gap-px p-3">
        {[1, 2, 3, 4, 5, 6].map((row) => (
          <Skeleton key={row} className="my-1 h-9" />
        ))}
      </div>
    )
  }
  if (items.length === 0) {
    const filtered = filterNames.some((name) => filter[name])
    return (
      <EmptyState
        icon={ScrollText}
        title={filtered ? t('audit.none_match') : t('audit.empty')}
        action={filtered && <Button onClick={() => onFilter({})}>{t('audit.clear')}</Button>}
      />
    )
  }
  return (
    <>
      {problem && !entries.isFetchNextPageError && (
        <StaleStamp readAt={entries.dataUpdatedAt} onRefresh={() => entries.refetch()} busy={entries.isFetching} />
      )}
      <ul aria-label={t('audit.entries')} className="divide-y divide-line">
        {items.map((entry) => (
          <AuditRow key={entry.id} entry={entry} onOnlyPerson={(actor) => onFilter({ ...filter, actor })} />
        ))}
      </ul>
      {entries.hasNextPage && (
        <div className="flex flex-col items-center gap-2 border-line border-t p-3">
          {entries.isFetchNextPageError && (
            <p role="alert" className="text-compact text-danger">
              {t('audit.older_failed')}
            </p>
          )}
          <Button busy={entries.isFetchingNextPage} onClick={() => entries.fetchNextPage()}>
            {t('audit.older')}
          </Button>
        </div>
      )}
    </>
  )
}
