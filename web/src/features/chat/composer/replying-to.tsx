import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Quote } from '@/api/types'
import { IconButton } from '@/ui/icon-button'
import { messageKind } from '../message-kind'

/** The quoted message above the text, with the way to let it go. */
export function ReplyingTo({ message, onCancel }: { message: Quote; onCancel: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="bar-start relative flex items-center gap-2 overflow-hidden rounded-control bg-raised py-1 ps-3 pe-1">
      <div className="min-w-0 flex-1 text-compact">
        <p className="font-medium text-ink-2">{message.sender.name || t('message.unnamed')}</p>
        <p dir="auto" className="truncate text-start text-ink-2">
          {message.text ?? t(`message.kind.${messageKind(message.kind)}`)}
        </p>
      </div>
      <IconButton icon={X} label={t('composer.cancel_reply')} onClick={onCancel} />
    </div>
  )
}
