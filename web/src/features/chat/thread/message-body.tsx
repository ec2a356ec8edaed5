import {
  Ban,
  CircleHelp,
  FileText,
  type LucideIcon,
  MapPin,
  MousePointerClick,
  ShoppingBag,
  SquareUser,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '@/api/types'
import { type MessageKind, messageKind } from '../message-kind'
import { MediaBox } from './media-box'
import { MessageText } from './message-text'

const icons: Partial<Record<MessageKind, LucideIcon>> = {
  location: MapPin,
  contacts: SquareUser,
  order: ShoppingBag,
  interactive: MousePointerClick,
  template: FileText,
}

/** What a message holds, by its kind. One that cannot be drawn names itself; none is missing. */
export function MessageBody({ message }: { message: Message }) {
  const { t } = useTranslation()
  if (message.deleted_at) {
    return <Line icon={Ban}>{t('message.deleted')}</Line>
  }
  const kind = messageKind(message.kind)
  if (kind === 'unsupported') {
    return (
      <Line icon={CircleHelp}>
        {t('message.unsupported')}
        <bdi dir="ltr" className="ms-1 font-mono text-meta">
          {message.raw_type ?? message.kind}
        </bdi>
      </Line>
    )
  }
  return (
    <div className="flex flex-col gap-1">
      {message.media.map((media) => (
        <MediaBox key={media.id} media={media} kind={kind} />
      ))}
      {message.text ? (
        <MessageText text={message.text} />
      ) : (
        message.media.length === 0 && <Line icon={icons[kind] ?? CircleHelp}>{t(`message.kind.${kind}`)}</Line>
      )}
    </div>
  )
}

function Line({ icon: Icon, children }: { icon: LucideIcon; children: React.ReactNode }) {
  return (
    <p className="flex items-start gap-1.5 text-ink-2">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
      <span>{children}</span>
    </p>
  )
}
