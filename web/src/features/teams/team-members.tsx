import { useInfiniteQuery } from '@tanstack/react-query'
import { UserPlus, UsersRound, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Team, TeamMember } from '@/api/types'
import { Avatar } from '@/ui/avatar'
import { Button } from '@/ui/button'
import { Chip } from '@/ui/chip'
import { ConfirmDialog } from '@/ui/confirm-dialog'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { IconButton } from '@/ui/icon-button'
import { Panel } from '@/ui/panel'
import { Refusal } from '@/ui/refusal'
import { Skeleton } from '@/ui/skeleton'
import { StaleStamp } from '@/ui/stale-stamp'
import { AddMemberDialog } from './add-member-dialog'
import { type TeamRole, useChangeTeamMembers } from './api/change-team-members'
import { teamMembersQuery } from './api/list-team-members'

/** Who is in a team and as what; who may manage it changes both. */
export function TeamMembers({ team, mayManage }: { team: Team; mayManage: boolean }) {
  const { t } = useTranslation()
  const members = useInfiniteQuery(teamMembersQuery(team.id))
  const change = useChangeTeamMembers(team.id)
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<TeamMember | null>(null)
  const problem = asProblem(members.error)
  const items = members.data?.pages.flatMap((page) => page.items)
  const live = team.archived_at === null
  const add = mayManage && live && (
    <Button look="primary" onClick={() => setAdding(true)}>
      <UserPlus aria-hidden className="size-4" strokeWidth={1.75} />
      {t('team.add')}
    </Button>
  )
  return (
    <Panel
      title={t('team.members')}
      lead={t('team.members_lead')}
      badge={items && <Chip>{t('team.members_count', { count: team.member_count })}</Chip>}
      actions={items && items.length > 0 && add}
    >
      {!removing && <Refusal problem={asProblem(change.error)} own={{ not_found: t('team.member_gone') }} />}
      {!items && !problem && (
        <div role="status" aria-label={t('team.members_loading')} className="flex flex-col gap-3">
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </div>
      )}
      {!items && problem && (
        <ErrorPanel
          problem={problem}
          what={t('team.members_failed')}
          onRetry={() => members.refetch()}
          retrying={members.isFetching}
        />
      )}
      {items && problem && (
        <StaleStamp readAt={members.dataUpdatedAt} onRefresh={() => members.refetch()} busy={members.isFetching} />
      )}
      {items?.length === 0 && (
        <EmptyState icon={UsersRound} title={t('team.nobody')} action={add}>
          {t('team.nobody_body')}
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <ul aria-label={t('team.members')} className="-mx-5 -mb-5 divide-y divide-line border-line border-t">
          {items.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              mayManage={mayManage}
              mayRemove={mayManage && !team.everyone}
              busy={change.isPending && change.variables.userId === member.id}
              onRole={(role) => change.mutate({ kind: 'set', userId: member.id, role })}
              onRemove={() => {
                change.reset()
                setRemoving(member)
              }}
            />
          ))}
          {members.hasNextPage && (
            <li className="flex justify-center p-3">
              <Button busy={members.isFetchingNextPage} onClick={() => members.fetchNextPage()}>
                {t('team.more')}
              </Button>
            </li>
          )}
        </ul>
      )}
      {adding && <AddMemberDialog team={team} present={items ?? []} onClose={() => setAdding(false)} />}
      {removing && (
        <ConfirmDialog
          title={t('team.remove_title', { name: removing.name, team: team.name })}
          lead={t('team.remove_lead')}
          action={t('team.remove')}
          problem={asProblem(change.error)}
          own={{ not_found: t('team.member_gone') }}
          busy={change.isPending}
          onClose={() => setRemoving(null)}
          onConfirm={() =>
            change.mutate({ kind: 'remove', userId: removing.id }, { onSuccess: () => setRemoving(null) })
          }
        />
      )}
    </Panel>
  )
}

type RowProps = {
  member: TeamMember
  mayManage: boolean
  mayRemove: boolean
  busy: boolean
  onRole: (role: TeamRole) => void
  onRemove: () => void
}

function MemberRow({ member, mayManage, mayRemove, busy, onRole, onRemove }: RowProps) {
  const { t } = useTranslation()
  return (
    <li className="flex items-center gap-3 px-5 py-2.5">
      <Avatar name={member.name} size="small" />
      <bdi className="min-w-0 flex-1 truncate font-medium">{member.name}</bdi>
      {mayManage ? (
        <select
          aria-label={t('team.role_of', { name: member.name })}
          aria-busy={busy || undefined}
          disabled={busy}
          value={member.role}
          onChange={(event) => onRole(event.target.value === 'manager' ? 'manager' : 'agent')}
          className="h-8 rounded-control border border-line-strong bg-surface px-2 text-compact max-list:h-11"
        >
          <option value="agent">{t('team.role.agent')}</option>
          <option value="manager">{t('team.role.manager')}</option>
        </select>
      ) : (
        <Chip look={member.role === 'manager' ? 'ok' : 'outline'}>{t(`team.role.${member.role}`)}</Chip>
      )}
      {mayRemove && (
        <IconButton
          icon={X}
          label={t('team.remove_named', { name: member.name })}
          tooltipAlign="end"
          onClick={onRemove}
        />
      )}
    </li>
  )
}
