import { useTranslation } from 'react-i18next'
import type { Channel, Team } from '@/api/types'
import { ChannelBadge } from '@/ui/channel-badge'
import { Panel } from '@/ui/panel'

/** The channels whose conversations wait in a team's queue. */
export function TeamChannels({ team, channels }: { team: Team; channels: Channel[] }) {
  const { t } = useTranslation()
  return (
    <Panel
      title={t('team.channels')}
      lead={team.channel_ids.length > 0 ? t('team.channels_lead') : t('team.channels_none')}
    >
      {channels.length > 0 && (
        <ul aria-label={t('team.channels')} className="flex flex-col gap-2">
          {channels.map((channel) => (
            <li key={channel.id} className="flex items-center gap-2">
              <ChannelBadge kind={channel.kind} />
              <bdi className="truncate">{channel.name}</bdi>
              <bdi dir="ltr" className="text-compact text-ink-3">
                {channel.external.display}
              </bdi>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
