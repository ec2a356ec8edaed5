import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Team } from '@/api/types'
import { ConfirmDialog } from '@/ui/confirm-dialog'
import { useArchiveTeam } from './api/archive-team'

type Props = { team: Team; channelNames: string[]; onClose: () => void }

/** Ends a team, or says which channels stand in the way. */
export function ArchiveDialog({ team, channelNames, onClose }: Props) {
  const { t, i18n } = useTranslation()
  const archive = useArchiveTeam()
  const names = new Intl.ListFormat(i18n.language).format(channelNames)
  const inUse = channelNames.length > 0 ? t('team.in_use_by', { channels: names }) : t('team.in_use')
  const blocked = team.channel_ids.length > 0
  return (
    <ConfirmDialog
      title={t('team.archive_title', { team: team.name })}
      lead={t('team.archive_lead')}
      action={t('team.archive')}
      problem={asProblem(archive.error)}
      own={{ in_use: inUse }}
      busy={archive.isPending}
      blocked={blocked}
      onClose={onClose}
      onConfirm={() => archive.mutate(team.id, { onSuccess: onClose })}
    >
      {blocked && <p className="rounded-control bg-warn-soft px-3 py-2 text-compact text-warn">{inUse}</p>}
    </ConfirmDialog>
  )
}
