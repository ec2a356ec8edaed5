import { Link } from '@tanstack/react-router'
import { ArrowLeft, FlaskConical, PanelRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationFilter } from '@/api/keys'
import { useSession } from '@/api/session'
import type { Conversation } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { Avatar } from '@/ui/avatar'
import { ChannelBadge, channelNames } from '@/ui/channel-badge'
import { Chip } from '@/ui/chip'
import { IconButton } from '@/ui/icon-button'
import { contactName } from '../contact-name'
import { listSearch } from '../filter'

type Props = {
  conversation: Conversation
  filter: ConversationFilter
  contactShown: boolean
  onToggleContact: () => void
}

export function ThreadHeader({ conversation, filter, contactShown, onToggleContact }: Props) {
  const { t } = useTranslation()
  const { tenant, user } = useSession()
  const { contact, channel, assignee, number } = conversation
  const owner =
    assignee === null
      ? t('thread.unassigned')
      : assignee.id === user.id
        ? t('thread.assigned_to_you')
        : t('thread.assigned_to', { name: isolate(assignee.name) })
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-line border-b bg-surface px-4 max-list:gap-2 max-list:px-1">
      <Link
        to="/t/$slug/inbox/$view"
        params={{ slug: tenant.slug, view: filter.view }}
        search={listSearch(filter)}
        aria-label={t('thread.back')}
        className="hidden size-11 items-center justify-center rounded-control text-ink-2 max-list:inline-flex"
      >
        <ArrowLeft aria-hidden className="mirror size-5" strokeWidth={1.75} />
      </Link>
      <Avatar name={contact.name} badge={<ChannelBadge kind={channel.kind} />} />
      <div className="min-w-0 flex-1">
        <h1 className="truncate font-semibold text-panel">
          <bdi>{contactName(contact)}</bdi>
        </h1>
        <p className="truncate text-ink-3 text-meta">
          {t('thread.subtitle', {
            channel: isolate(channelNames[channel.kind]),
            number: isolate(`#${number}`),
            owner,
          })}
        </p>
      </div>
      {conversation.simulated && (
        <Chip icon={FlaskConical} title={t('list.simulated')} className="max-desk:hidden">
          {t('list.simulated')}
        </Chip>
      )}
      <IconButton
        icon={PanelRight}
        mirrored
        label={contactShown ? t('contact.hide') : t('contact.show')}
        keys="]"
        tooltipAlign="end"
        aria-expanded={contactShown}
        onClick={onToggleContact}
      />
    </header>
  )
}
