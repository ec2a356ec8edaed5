import { MessageSquareWarning } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'

type Props = { unseen: Message[]; onLook: () => void; onSendAnyway: () => void }

/** Somebody was faster: looking comes before sending, and sending takes a word of its own. */
export function NewerNotice({ unseen, onLook, onSendAnyway }: Props) {
  const { t } = useTranslation()
  const name = unseen.at(-1)?.sender.name
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-2 rounded-control bg-warn-soft px-3 py-2 text-compact text-warn"
    >
      <MessageSquareWarning aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      <p className="min-w-40 flex-1">
        {name ? t('composer.newer', { name: isolate(name) }) : t('composer.newer_somebody')}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onLook}>
          {unseen.length > 0 ? t('composer.look_count', { count: unseen.length }) : t('composer.look')}
        </Button>
        <Button look="ghost" onClick={onSendAnyway}>
          {t('composer.send_anyway')}
        </Button>
      </div>
    </div>
  )
}
