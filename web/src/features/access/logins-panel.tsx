import { useQuery } from '@tanstack/react-query'
import { MonitorSmartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { LoginSession } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { Chip } from '@/ui/chip'
import { Dialog } from '@/ui/dialog'
import { ErrorPanel } from '@/ui/error-panel'
import { Panel } from '@/ui/panel'
import { Skeleton } from '@/ui/skeleton'
import { StaleStamp } from '@/ui/stale-stamp'
import { useNow } from '@/ui/use-now'
import { useEndLogin } from './api/end-login'
import { useEndOtherLogins } from './api/end-other-logins'
import { loginsQuery } from './api/list-logins'
import { FormProblem } from './form-problem'

/** Where the person is signed in, and the way to end any of it. */
export function LoginsPanel() {
  const { t } = useTranslation()
  const logins = useQuery(loginsQuery)
  const end = useEndLogin()
  const endOthers = useEndOtherLogins()
  const [asking, setAsking] = useState(false)
  const problem = asProblem(logins.error)
  const items = logins.data?.items
  const others = items?.filter((item) => !item.current).length ?? 0
  const refused = asProblem(end.error ?? endOthers.error)
  return (
    <Panel
      title={t('logins.title')}
      lead={t('logins.lead')}
      actions={
        others > 0 && (
          <Button look="danger" onClick={() => setAsking(true)}>
            {t('logins.end_others')}
          </Button>
        )
      }
    >
      {refused && refused.code !== 'not_found' && <FormProblem problem={refused} wait={0} />}
      {!items && !problem && <Loading />}
      {!items && problem && (
        <ErrorPanel
          problem={problem}
          what={t('logins.failed')}
          onRetry={() => logins.refetch()}
          retrying={logins.isFetching}
        />
      )}
      {items && problem && (
        <StaleStamp readAt={logins.dataUpdatedAt} onRefresh={() => logins.refetch()} busy={logins.isFetching} />
      )}
      {items && (
        <ul aria-label={t('logins.title')} className="-mx-5 -mb-5 divide-y divide-line border-line border-t">
          {items.map((item) => (
            <LoginRow
              key={item.id}
              login={item}
              ending={end.isPending && end.variables === item.id}
              onEnd={() => end.mutate(item.id)}
            />
          ))}
        </ul>
      )}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={t('logins.end_others_title', { count: others })}
        description={t('logins.end_others_lead')}
      >
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t('form.cancel')}</Button>
          <Button
            look="danger"
            busy={endOthers.isPending}
            onClick={() => endOthers.mutate(undefined, { onSettled: () => setAsking(false) })}
          >
            {t('logins.end_others')}
          </Button>
        </div>
      </Dialog>
    </Panel>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <Skeleton className="h-10" />
      <Skeleton className="h-10" />
    </div>
  )
}

type RowProps = { login: LoginSession; ending: boolean; onEnd: () => void }

function LoginRow({ login, ending, onEnd }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const device = login.device || t('logins.unknown')
  return (
    <li className="flex items-center gap-3 px-5 py-3">
      <MonitorSmartphone aria-hidden className="size-5 shrink-0 text-ink-2 max-list:hidden" strokeWidth={1.75} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium" title={login.user_agent}>
          <bdi>{device}</bdi>
          {login.current && <Chip look="ok">{t('logins.current')}</Chip>}
        </p>
        <p className="text-compact text-ink-2">
          <bdi dir="ltr">{login.ip}</bdi> ·{' '}
          {login.current
            ? t('logins.since', { time: format.full(login.created_at) })
            : t('logins.last_used', { age: format.age(login.last_seen_at, now) })}
        </p>
      </div>
      {!login.current && (
        <Button busy={ending} aria-label={t('logins.end_named', { device })} onClick={onEnd}>
          {t('logins.end')}
        </Button>
      )}
    </li>
  )
}
