import type { TFunction } from 'i18next'
import {
  CircleHelp,
  FileText,
  Image,
  type LucideIcon,
  MapPin,
  Mic,
  ShoppingBag,
  Smile,
  SquareUser,
  Video,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { Conversation } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { cn } from '@/ui/cn'
import type { MessageKind } from '../message-kind'
import { type SnippetAuthor, snippetOf } from './snippet.model'

const icons: Partial<Record<MessageKind, LucideIcon>> = {
  image: Image,
  video: Video,
  audio: Mic,
  voice: Mic,
  document: FileText,
  sticker: Smile,
  location: MapPin,
  contacts: SquareUser,
  order: ShoppingBag,
  unsupported: CircleHelp,
}

/** One line of what was said last, or of what this person has begun to answer. */
export function Snippet({ conversation, draft }: { conversation: Conversation; draft: string | null }) {
  const { t } = useTranslation()
  const { user } = useSession()
  if (draft) {
    return <Line className="text-danger">{t('list.draft', { text: isolate(draft) })}</Line>
  }
  const snippet = snippetOf(conversation, user.id)
  if (!snippet) return <Line className="text-ink-3">{t('list.nothing_yet')}</Line>
  const { author, messageKind, text } = snippet
  const Icon = icons[messageKind]
  const said = text ?? t(`message.kind.${messageKind}`)
  return (
    <Line quoted={author === null} className={conversation.unread > 0 ? 'text-ink' : 'text-ink-2'}>
      {Icon && <Icon aria-hidden className="me-1 inline size-3.5 align-[-2px]" strokeWidth={1.75} />}
      {byline(author, said, t)}
    </Line>
  )
}

type Translate = TFunction

function byline(author: SnippetAuthor, text: string, t: Translate): string {
  const said = isolate(text)
  switch (author?.kind) {
    case undefined:
      return text
    case 'you':
      return t('list.by_you', { text: said })
    case 'bot':
      return t('list.by_bot', { text: said })
    case 'outside':
      return t('list.by_outside', { text: said })
    case 'colleague':
      return t('list.by_colleague', { name: isolate(author.name), text: said })
  }
}

/**
 * Starts where the page's lines start. A line with a byline reads in the page's direction, the contact's own words in
 * theirs, so that what is cut off is their end.
 */
function Line({ children, className, quoted }: { children: React.ReactNode; className: string; quoted?: boolean }) {
  return (
    <span
      dir={quoted ? 'auto' : undefined}
      className={cn('min-w-0 flex-1 truncate text-compact [text-align:match-parent]', className)}
    >
      {children}
    </span>
  )
}
