import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { Channel, Conversation } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Avatar } from '@/ui/avatar'
import { ChannelBadge } from '@/ui/channel-badge'
import { IconButton } from '@/ui/icon-button'
import { contactName } from '../contact-name'

type Props = { conversation: Conversation; channel: Channel | undefined; onClose: () => void }

/** What is known about the person and this conversation; nothing that is not known has a place here. */
export function ContactPane({ conversation, channel, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { user } = useSession()
  const { contact, assignee, team } = conversation
  const facts: { name: string; value: React.ReactNode }[] = [
    { name: t('contact.number'), value: <bdi dir="ltr">#{conversation.number}</bdi> },
    { name: t('contact.status'), value: t(`conversation.status.${conversation.status}`) },
    {
      name: t('contact.assignee'),
      value: assignee === null ? t('thread.unassigned') : assignee.id === user.id ? t('message.you') : assignee.name,
    },
    ...(team ? [{ name: t('contact.team'), value: team.name }] : []),
    {
      name: t('contact.channel'),
      value: (
        <span className="inline-flex items-center gap-1.5">
          <ChannelBadge kind={conversation.channel.kind} />
          <bdi>{channel?.name ?? conversation.channel.name}</bdi>
        </span>
      ),
    },
    { name: t('contact.opened'), value: format.full(conversation.created_at) },
    ...(conversation.waiting_since
      ? [{ name: t('contact.waiting_since'), value: format.full(conversation.waiting_since) }]
      : []),
    ...(conversation.resolved_at
      ? [{ name: t('contact.resolved'), value: format.full(conversation.resolved_at) }]
      : []),
  ]
  return (
    <aside
      aria-label={t('contact.region')}
      data-pane
      tabIndex={-1}
      className="scroll-quiet flex h-full w-80 shrink-0 flex-col gap-6 overflow-y-auto border-line border-s bg-surface p-4 max-wide:absolute max-wide:inset-y-0 max-wide:end-0 max-wide:z-20 max-wide:shadow-float max-list:w-full max-list:border-s-0"
    >
      <div className="flex items-center gap-3">
        <Avatar name={contact.name} size="large" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold text-panel">
            <bdi>{contactName(contact)}</bdi>
          </h2>
          <p className="truncate text-compact text-ink-2">
            <bdi dir="ltr">{contact.identity.value}</bdi>
            {contact.identity.username && (
              <bdi dir="ltr" className="ms-2">
                @{contact.identity.username}
              </bdi>
            )}
          </p>
        </div>
        <IconButton icon={X} label={t('contact.hide')} onClick={onClose} tooltipAlign="end" className="self-start" />
      </div>
      <section aria-labelledby="contact-facts">
        <h3 id="contact-facts" className="mb-2 font-semibold text-compact">
          {t('contact.conversation')}
        </h3>
        <dl className="divide-y divide-line border-line border-y">
          {facts.map((fact) => (
            <div key={fact.name} className="flex items-baseline justify-between gap-4 py-2">
              <dt className="shrink-0 text-compact text-ink-3">{fact.name}</dt>
              <dd className="min-w-0 text-end text-compact">{fact.value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {conversation.simulated && <p className="text-compact text-ink-2">{t('contact.simulated')}</p>}
    </aside>
  )
}
