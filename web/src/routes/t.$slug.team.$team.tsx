import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useParams } from '@tanstack/react-router'
import { Archive, ArrowLeft, Pencil, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import { useRailLabel } from '@/app/rail-label'
import { channelsQuery } from '@/features/channels/api/list-channels'
import { teamQuery } from '@/features/teams/api/get-team'
import { useRestoreTeam } from '@/features/teams/api/restore-team'
import { ArchiveDialog } from '@/features/teams/archive-dialog'
import { TeamChannels } from '@/features/teams/team-channels'
import { TeamDialog } from '@/features/teams/team-dialog'
import { TeamMembers } from '@/features/teams/team-members'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { ErrorPanel } from '@/ui/error-panel'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'
import { Refusal } from '@/ui/refusal'
import { Skeleton } from '@/ui/skeleton'

export const Route = createFileRoute('/t/$slug/team/$team')({ component: TeamPage })

function TeamPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const { team: id } = useParams({ from: '/t/$slug/team/$team' })
  const { tenant, may, mayManageTeam } = useSession()
  const teams = useRailLabel('team')
  const query = useQuery({ ...teamQuery(id), enabled: may('team.view') })
  const channels = useQuery({ ...channelsQuery, enabled: may('channel.view') })
  const restore = useRestoreTeam()
  const [asking, setAsking] = useState<'edit' | 'archive' | null>(null)
  const problem = asProblem(query.error)
  const team = query.data
  if (!may('team.view')) return <NoPermission permission="team.view" />
  const mayManage = mayManageTeam(id)
  const pointing = channels.data?.items.filter((channel) => team?.channel_ids.includes(channel.id)) ?? []
  const close = () => setAsking(null)
  const lead = team?.archived_at
    ? t('team.archived_at', { time: format.full(team.archived_at) })
    : team && t('team.detail_lead', { zone: team.timezone })
  return (
    <PageMain
      title={team?.name ?? t('team.one')}
      {...(lead ? { lead } : {})}
      actions={
        team &&
        mayManage && (
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setAsking('edit')}>
              <Pencil aria-hidden className="size-4" strokeWidth={1.75} />
              {t('team.edit')}
            </Button>
            {team.archived_at ? (
              <Button busy={restore.isPending} onClick={() => restore.mutate(team.id)}>
                <RotateCcw aria-hidden className="mirror size-4" strokeWidth={1.75} />
                {t('team.restore')}
              </Button>
            ) : (
              !team.everyone && (
                <Button look="danger" onClick={() => setAsking('archive')}>
                  <Archive aria-hidden className="size-4" strokeWidth={1.75} />
                  {t('team.archive')}
                </Button>
              )
            )}
          </div>
        )
      }
    >
      <Link
        to="/t/$slug/team"
        params={{ slug: tenant.slug }}
        className="-order-1 inline-flex items-center gap-1 self-start text-compact text-ink-2 hover:text-ink max-list:min-h-11"
      >
        <ArrowLeft aria-hidden className="mirror size-4" strokeWidth={1.75} />
        {teams}
      </Link>
      <Refusal problem={asProblem(restore.error)} />
      {!team && problem && (
        <ErrorPanel
          problem={problem}
          what={t('team.one_failed')}
          onRetry={() => query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {!team && !problem && (
        <>
          <Skeleton className="h-64" />
          <Skeleton className="h-24" />
        </>
      )}
      {team && (
        <>
          <TeamMembers team={team} mayManage={mayManage} />
          {may('channel.view') && <TeamChannels team={team} channels={pointing} />}
          {asking === 'edit' && <TeamDialog team={team} onClose={close} onSaved={() => {}} />}
          {asking === 'archive' && (
            <ArchiveDialog team={team} channelNames={pointing.map((channel) => channel.name)} onClose={close} />
          )}
        </>
      )}
    </PageMain>
  )
}
