import { useTranslation } from 'react-i18next'
import type { Quote } from '@/api/types'
import { messageKind } from '../message-kind'

/** The message an answer belongs to; a click goes there. */
export function ReplyQuote({ message, onJump }: { message: Quote; onJump: (seq: number) => void }) {
  const { t } = useTranslation()
  const author = message.sender.name || t('message.unnamed')
  return (
    <button
      type="button"
      onClick={() => onJump(message.seq)}
      aria-label={t('message.jump_to_quote', { name: author })}
      className="bar-start relative mb-1 block w-full overflow-hidden rounded-control bg-canvas/70 py-1 ps-3 pe-2 text-start text-compact hover:bg-canvas max-list:min-h-11"
    >
      <span className="block font-medium text-accent">
        <bdi>{author}</bdi>
      </span>
      <span dir="auto" className="line-clamp-2 block text-ink-2">
        {message.text ?? t(`message.kind.${messageKind(message.kind)}`)}
      </span>
    </button>
  )
}
