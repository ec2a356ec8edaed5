import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import type { Team } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { Chip } from '@/ui/chip'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { Skeleton } from '@/ui/skeleton'
import { StaleStamp } from '@/ui/stale-stamp'
import { teamsQuery } from './api/list-teams'

type Props = { archived: boolean; onCreate?: ReactNode }

export function TeamList({ archived, onCreate }: Props) {
  const { t } = useTranslation()
  const teams = useInfiniteQuery(teamsQuery(archived))
  const problem = asProblem(teams.error)
  const items = teams.data?.pages.flatMap((page) => page.items)
  if (!items) {
    return problem ? (
      <ErrorPanel
        problem={problem}
        what={t('team.failed')}
        onRetry={() => teams.refetch()}
        retrying={teams.isFetching}
      />
    ) : (
      <div role="status" aria-label={t('team.loading')} className="flex flex-col gap-px p-3">
        {[1, 2, 3].map((row) => (
          <Skeleton key={row} className="my-1 h-10" />
        ))}
      </div>
    )
  }
  if (items.length === 0) return <EmptyState icon={UsersRound} title={t('team.none_archived')} />
  const alone = !archived && items.every((team) => team.everyone)
  return (
    <>
      {problem && <StaleStamp readAt={teams.dataUpdatedAt} onRefresh={() => teams.refetch()} busy={teams.isFetching} />}
      <ul aria-label={archived ? t('team.archived') : t('rail.team')} className="divide-y divide-line">
        {items.map((team) => (
          <TeamRow key={team.id} team={team} />
        ))}
      </ul>
      {alone && (
        <div className="border-line border-t">
          <EmptyState icon={UsersRound} title={t('team.only_everyone')} action={onCreate}>
            {t('team.only_everyone_body')}
          </EmptyState>
        </div>
      )}
      {teams.hasNextPage && (
        <div className="flex justify-center border-line border-t p-3">
          <Button busy={teams.isFetchingNextPage} onClick={() => teams.fetchNextPage()}>
            {t('team.more')}
          </Button>
        </div>
      )}
    </>
  )
}

function TeamRow({ team }: { team: Team }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant, mayManageTeam, seesAll } = useSession()
  return (
    <li>
      <Link
        to="/t/$slug/team/$team"
        params={{ slug: tenant.slug, team: team.id }}
        className="grid grid-cols-[minmax(0,1fr)_8rem_8rem_12rem] items-center gap-x-4 gap-y-0.5 px-5 py-3 hover:bg-raised max-desk:grid-cols-[minmax(0,1fr)_auto]"
      >
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          <bdi className="truncate font-medium">{team.name}</bdi>
          {team.everyone && <Chip>{t('team.everyone')}</Chip>}
          {!seesAll && mayManageTeam(team.id) && <Chip look="ok">{t('team.yours')}</Chip>}
        </span>
        <span className="text-compact text-ink-2 max-desk:text-end">
          {t('team.members_count', { count: team.member_count })}
        </span>
        <span className="text-compact text-ink-2 max-desk:hidden">
          {team.channel_ids.length > 0
            ? t('team.channels_count', { count: team.channel_ids.length })
            : t('team.no_channels')}
        </span>
        <span className="truncate text-compact text-ink-3 max-desk:hidden">
          {team.archived_at ? (
            t('team.archived_at', { time: format.full(team.archived_at) })
          ) : (
            <bdi dir="ltr">{team.timezone}</bdi>
          )}
        </span>
      </Link>
    </li>
  )
}
