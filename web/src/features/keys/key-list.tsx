import { useInfiniteQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { ApiKey } from '@/api/types'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { Skeleton } from '@/ui/skeleton'
import { StaleStamp } from '@/ui/stale-stamp'
import { keysQuery } from './api/list-keys'
import { CallExample } from './call-example'
import { KeyRow } from './key-row'
import { exampleCall } from './keys.model'

export type KeyAct = 'edit' | 'rotate' | 'revoke'

type Props = { onAct: (act: KeyAct, key: ApiKey) => void; onCreate: ReactNode }

export function KeyList({ onAct, onCreate }: Props) {
  const { t } = useTranslation()
  const keys = useInfiniteQuery(keysQuery)
  const problem = asProblem(keys.error)
  const items = keys.data?.pages.flatMap((page) => page.items)
  if (!items) {
    return problem ? (
      <ErrorPanel
        problem={problem}
        what={t('api_key.failed')}
        onRetry={() => keys.refetch()}
        retrying={keys.isFetching}
      />
    ) : (
      <div role="status" aria-label={t('api_key.loading')} className="flex flex-col gap-3 p-5">
        <Skeleton className="h-16" />
        <Skeleton className="h-16" />
      </div>
    )
  }
  if (items.length === 0) {
    return (
      <div className="pb-6">
        <EmptyState icon={KeyRound} title={t('api_key.empty')} action={onCreate}>
          {t('api_key.empty_body')}
        </EmptyState>
        <div className="mx-auto max-w-140 px-5">
          <CallExample text={exampleCall(window.location.origin, 'sk_…', ['channel.view'])} />
        </div>
      </div>
    )
  }
  return (
    <>
      {problem && <StaleStamp readAt={keys.dataUpdatedAt} onRefresh={() => keys.refetch()} busy={keys.isFetching} />}
      <ul aria-label={t('settings.api_keys')} className="divide-y divide-line">
        {items.map((key) => (
          <KeyRow key={key.id} apiKey={key} onAct={(act) => onAct(act, key)} />
        ))}
      </ul>
      {keys.hasNextPage && (
        <div className="flex justify-center border-line border-t p-3">
          <Button busy={keys.isFetchingNextPage} onClick={() => keys.fetchNextPage()}>
            {t('api_key.more')}
          </Button>
        </div>
      )}
    </>
  )
}
