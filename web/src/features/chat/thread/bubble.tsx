import type { TFunction } from 'i18next'
import { Reply } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { cn } from '@/ui/cn'
import { DeliveryDetails } from './delivery-details'
import { DeliveryNotice } from './delivery-notice'
import { MessageBody } from './message-body'
import { Reactions } from './reactions'
import { ReplyQuote } from './reply-quote'
import { shownAt } from './rows.model'

type Props = {
  message: Message
  startsGroup: boolean
  own: boolean
  mayReply: boolean
  marked: boolean
  onReply: (message: Message) => void
  onJump: (seq: number) => void
}

/** One message: the customer's at the start of the line, ours at its end, by author and never by text direction. */
export const Bubble = memo(function Bubble(props: Props) {
  const { message, startsGroup, own, mayReply, marked, onReply, onJump } = props
  const { t } = useTranslation()
  const outgoing = message.direction === 'out'
  const author = authorLine(message, own, t)
  return (
    <article
      aria-label={t(outgoing ? 'message.from_us' : 'message.from_contact', {
        name: own ? t('message.you') : message.sender.name || t('message.unnamed'),
      })}
      className={cn('group flex flex-col', outgoing ? 'items-end' : 'items-start', startsGroup ? 'pt-3' : 'pt-1')}
    >
      {startsGroup && author && <p className="px-1 pb-0.5 text-ink-3 text-meta">{author}</p>}
      <div className={cn('flex w-full items-center gap-1', outgoing && 'flex-row-reverse')}>
        <BubbleFrame outgoing={outgoing} failed={message.status === 'failed'} marked={marked}>
          {message.reply_to && <ReplyQuote message={message.reply_to} onJump={onJump} />}
          <MessageBody message={message} />
          <Meta message={message} outgoing={outgoing} />
        </BubbleFrame>
        {mayReply && message.deleted_at === null && (
          <button
            type="button"
            onClick={() => onReply(message)}
            aria-label={t('message.reply')}
            className={cn(
              'inline-flex size-8 shrink-0 items-center justify-center rounded-full text-ink-3 opacity-0 hover:bg-surface hover:text-ink focus-visible:opacity-100 group-hover:opacity-100 pointer-coarse:size-11',
              // A finger hovers over nothing: what customers wrote can be answered at once.
              outgoing ? 'pointer-coarse:hidden' : 'pointer-coarse:opacity-100',
            )}
          >
            <Reply aria-hidden className="mirror size-4" strokeWidth={1.75} />
          </button>
        )}
      </div>
      <Reactions reactions={message.reactions} />
      {outgoing && <DeliveryNotice message={message} mayRetry={mayReply} />}
    </article>
  )
})

type FrameProps = {
  outgoing: boolean
  failed?: boolean
  marked?: boolean
  waiting?: boolean
  children: React.ReactNode
}

export function BubbleFrame({ outgoing, failed, marked, waiting, children }: FrameProps) {
  return (
    <div
      className={cn(
        'forced-border min-w-0 max-w-[min(72%,560px)] rounded-bubble border px-3 py-2',
        outgoing ? 'rounded-ee-chip border-transparent bg-accent-soft' : 'rounded-es-chip border-line bg-surface',
        failed && 'border-danger',
        waiting && 'text-ink/70',
        marked && 'ring-2 ring-accent',
      )}
    >
      {children}
    </div>
  )
}

function Meta({ message, outgoing }: { message: Message; outgoing: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const at = shownAt(message)
  return (
    <p className="mt-0.5 flex items-center justify-end gap-1.5 text-ink-3 text-meta">
      {message.edited_at && <span>{t('message.edited')}</span>}
      <time dateTime={at} title={format.full(at)}>
        {format.clock(at)}
      </time>
      {outgoing && message.status !== 'received' && message.status !== '' && (
        <DeliveryDetails message={message} state={message.status} />
      )}
    </p>
  )
}

type Translate = TFunction

/** Who of us wrote, where it was not the reader. */
function authorLine(message: Message, own: boolean, t: Translate): string | null {
  if (message.direction === 'in' || own) return null
  if (message.sender.kind === 'user' && message.sender.id === null) return t('message.answered_outside')
  if (message.sender.kind === 'bot') return message.sender.name || t('message.bot')
  return message.sender.name
}
