import { useQuery } from '@tanstack/react-query'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Message } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { ErrorPanel } from '@/ui/error-panel'
import { Skeleton } from '@/ui/skeleton'
import { messageQuery } from '../api/get-message'
import { TickButton } from './delivery-details'
import type { TickState } from './tick.model'

export default function DeliveryOpened({ message, state }: { message: Message; state: TickState }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(true)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <TickButton state={state} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('delivery.title')}
          className="forced-border z-50 w-72 max-w-[calc(100vw-16px)] rounded-panel bg-surface p-3 text-compact text-ink shadow-float"
        >
          <h2 className="mb-2 font-semibold">{t('delivery.title')}</h2>
          {open && <Details id={message.id} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Details({ id }: { id: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: message, error, isFetching, refetch } = useQuery(messageQuery(id))
  const problem = asProblem(error)
  if (problem)
    return (
      <ErrorPanel
        problem={problem}
        what={t('delivery.failed_to_load')}
        onRetry={() => refetch()}
        retrying={isFetching}
      />
    )
  if (!message) return <Skeleton className="h-16" />
  const times = [
    { name: t('delivery.accepted'), at: message.created_at },
    { name: t('delivery.sent'), at: message.status_at?.sent },
    { name: t('tick.delivered'), at: message.status_at?.delivered },
    { name: t('tick.read'), at: message.status_at?.read },
  ]
  return (
    <>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1">
        {times.map(({ name, at }) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="text-end">{at ? format.clockWithSeconds(at) : '–'}</dd>
          </div>
        ))}
      </dl>
      {message.attempts && message.attempts.length > 0 && (
        <ol className="mt-2 flex flex-col gap-1 border-line border-t pt-2">
          {message.attempts.map((attempt) => (
            <li key={attempt.n} className="flex justify-between gap-4">
              <span className="text-ink-2">{t('delivery.attempt', { number: attempt.n })}</span>
              <span>
                {t(`delivery.outcome.${attempt.outcome ?? 'under_way'}`)}
                {attempt.provider_code && <bdi className="ms-1 font-mono text-meta">{attempt.provider_code}</bdi>}{' '}
                {format.clockWithSeconds(attempt.at)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}
