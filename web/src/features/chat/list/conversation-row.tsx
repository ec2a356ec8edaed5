import { Link } from '@tanstack/react-router'
import { FlaskConical, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationFilter } from '@/api/keys'
import { useSession } from '@/api/session'
import type { Conversation } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { lastActivity } from '@/realtime/conversations.model'
import { Avatar } from '@/ui/avatar'
import { ChannelBadge, channelNames } from '@/ui/channel-badge'
import { Chip } from '@/ui/chip'
import { cn } from '@/ui/cn'
import { useNow } from '@/ui/use-now'
import { contactName } from '../contact-name'
import { conversationSearch } from '../filter'
import { WindowChip } from '../window-chip'
import { Snippet } from './snippet'

type Props = {
  conversation: Conversation
  filter: ConversationFilter
  selected: boolean
  draft: string | null
  /** The one row that Tab reaches. */
  tabStop: boolean
}

export const ConversationRow = memo(function ConversationRow(props: Props) {
  const { conversation, filter, selected, draft, tabStop } = props
  const { t } = useTranslation()
  const { tenant } = useSession()
  const { contact, channel, unread } = conversation
  return (
    <Link
      to="/t/$slug/inbox/c/$conversation"
      params={{ slug: tenant.slug, conversation: String(conversation.number) }}
      search={conversationSearch(filter)}
      id={`conversation-${conversation.id}`}
      tabIndex={tabStop ? 0 : -1}
      aria-current={selected ? 'true' : undefined}
      className={cn(
        'group relative flex h-(--row-list) items-center gap-3 border-line border-b px-3 outline-offset-[-2px]',
        selected ? 'bar-start bg-accent-soft' : 'hover:bg-raised',
      )}
    >
      <Avatar
        name={contact.name}
        badge={<ChannelBadge kind={channel.kind} />}
        className={cn(selected && '*:first:ring-2 *:first:ring-surface')}
      />
      <span className="sr-only">{channelNames[channel.kind]}</span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-2">
          <span className={cn('min-w-0 truncate text-body', unread > 0 ? 'font-semibold' : 'text-ink')}>
            <bdi>{contactName(contact)}</bdi>
          </span>
          {conversation.simulated && (
            <span className="inline-flex shrink-0 self-center text-ink-3" title={t('list.simulated')}>
              <FlaskConical aria-hidden className="size-3.5" strokeWidth={1.75} />
              <span className="sr-only">{t('list.simulated')}</span>
            </span>
          )}
          <Age at={lastActivity(conversation)} />
        </span>
        <span className="flex min-w-0 items-center gap-2">
          <Snippet conversation={conversation} draft={draft} />
          {conversation.last_message?.status === 'failed' && (
            <Chip look="danger" icon={TriangleAlert}>
              {t('list.failed')}
            </Chip>
          )}
          <WindowChip expiresAt={conversation.window_expires_at} />
          {unread > 0 && <Unread count={unread} />}
        </span>
      </span>
    </Link>
  )
})

/** The age; the whole date for screen readers and while the row has the focus. */
function Age({ at }: { at: string }) {
  const format = useFormat()
  const now = useNow()
  return (
    <time dateTime={at} className="ms-auto shrink-0 text-ink-3 text-meta">
      <span aria-hidden className="group-focus-visible:hidden">
        {format.age(at, now)}
      </span>
      <span className="sr-only group-focus-visible:not-sr-only">{format.full(at)}</span>
    </time>
  )
}

function Unread({ count }: { count: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <span className="forced-border inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full bg-accent px-1 font-semibold text-micro text-on-accent">
      <span aria-hidden>{count > 99 ? '99+' : format.number(count)}</span>
      <span className="sr-only">{t('list.unread', { count })}</span>
    </span>
  )
}
