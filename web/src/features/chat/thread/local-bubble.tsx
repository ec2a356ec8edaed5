import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import type { OutboxEntry } from '@/realtime/outbox'
import { cn } from '@/ui/cn'
import { BubbleFrame } from './bubble'
import { MessageText } from './message-text'
import { ReplyQuote } from './reply-quote'
import { Tick } from './tick'

type Props = { entry: OutboxEntry; startsGroup: boolean; onJump: (seq: number) => void }

/** A message that has not left this browser yet. */
export function LocalBubble({ entry, startsGroup, onJump }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <article
      aria-label={t('message.from_us', { name: t('message.you') })}
      className={cn('flex flex-col items-end', startsGroup ? 'pt-3' : 'pt-1')}
    >
      <BubbleFrame outgoing waiting>
        {entry.reply_to && <ReplyQuote message={entry.reply_to} onJump={onJump} />}
        <MessageText text={entry.text} />
        <p className="mt-0.5 flex items-center justify-end gap-1.5 text-ink-3 text-meta">
          <time dateTime={entry.created_at}>{format.clock(entry.created_at)}</time>
          <Tick state="local" />
        </p>
      </BubbleFrame>
    </article>
  )
}
