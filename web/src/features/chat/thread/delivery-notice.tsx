import { CircleHelp, RotateCw, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Message } from '@/api/types'
import { Button } from '@/ui/button'
import { useNow } from '@/ui/use-now'
import { useRetryMessage } from '../api/retry-message'
import { retryOffer } from './tick.model'

/** Under a message that failed, or that nobody confirmed: what happened and what a person may do. */
export function DeliveryNotice({ message, mayRetry }: { message: Message; mayRetry: boolean }) {
  const { t } = useTranslation()
  const now = useNow()
  const retry = useRetryMessage()
  if (message.status !== 'failed' && message.status !== 'unknown') return null
  const offer = mayRetry ? retryOffer(message, now) : null
  const refused = asProblem(retry.error)
  return (
    <div className="mt-1 flex max-w-[min(72%,560px)] flex-col items-end gap-1 text-compact">
      {message.status === 'failed' ? (
        <p className="flex items-start gap-1.5 text-danger">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
          <span>
            {message.error?.title ?? t('message.failed')}
            {message.error?.detail && <span className="block text-ink-2">{message.error.detail}</span>}
          </span>
        </p>
      ) : (
        <p className="flex items-start gap-1.5 text-ink-2">
          <CircleHelp aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" strokeWidth={1.75} />
          {offer === 'force' ? t('message.unknown_long') : t('message.unknown')}
        </p>
      )}
      {offer && (
        <Button
          size="compact"
          look={offer === 'retry' ? 'danger' : 'outline'}
          busy={retry.isPending}
          onClick={() => retry.mutate({ id: message.id, force: offer === 'force' })}
        >
          <RotateCw aria-hidden className="size-3.5" strokeWidth={1.75} />
          {offer === 'retry' ? t('message.retry') : t('message.send_again')}
        </Button>
      )}
      {refused && (
        <p role="alert" className="text-danger text-meta">
          {t('message.retry_refused', { reason: refused.message })}
        </p>
      )}
    </div>
  )
}
