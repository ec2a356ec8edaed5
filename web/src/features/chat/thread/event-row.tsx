import { MessageSquarePlus, UserRoundCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { Message } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { isolate } from '@/i18n/isolate'

/** A transition of the conversation between its messages. One of a newer server has no words here and is left out. */
export function EventRow({ message }: { message: Message }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { user } = useSession()
  const event = message.event
  if (!event) return null
  const own = event.actor.kind === 'user' && event.actor.id === user.id
  const name = event.actor.name || t('message.unnamed')
  const texts = {
    opened: t('event.opened'),
    assigned: own ? t('event.taken_by_you') : t('event.taken', { name: isolate(name) }),
  }
  const text = texts[event.kind]
  if (!text) return null
  const Icon = event.kind === 'opened' ? MessageSquarePlus : UserRoundCheck
  return (
    <p className="flex justify-center pt-3">
      <span className="inline-flex min-h-6 max-w-full items-center gap-1.5 rounded-full border border-line bg-surface px-3 text-ink-2 text-meta">
        <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
        {text}
        <time dateTime={message.created_at} className="text-ink-3">
          {format.clock(message.created_at)}
        </time>
      </span>
    </p>
  )
}
