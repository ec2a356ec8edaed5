import { useInfiniteQuery } from '@tanstack/react-query'
import { UsersRound } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberQuery } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Member, Role, Team } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { Refusal } from '@/ui/refusal'
import { StaleStamp } from '@/ui/stale-stamp'
import { useChangeMember } from './api/change-member'
import { membersQuery } from './api/list-members'
import { ListSkeleton } from './list-skeleton'
import { type MemberAct, MemberDialog } from './member-dialogs'
import { MemberFilters } from './member-filters'
import { MemberRow } from './member-row'
import { usePeopleWords } from './people-words'
import { ShowMore } from './show-more'

type Props = { filter: MemberQuery; roles: Role[]; teams: Team[]; onFilter: (filter: MemberQuery) => void }

/** Who is in the workspace, with what is done to them. */
export function MembersPanel({ filter, roles, teams, onFilter }: Props) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const region = useRef<HTMLElement>(null)
  const [open, setOpen] = useState<{ act: MemberAct; member: Member } | null>(null)
  const reactivate = useChangeMember()
  const members = useInfiniteQuery({ ...membersQuery(filter), placeholderData: (previous) => previous })
  const problem = asProblem(members.error)
  const items = members.data?.pages.flatMap((page) => page.items)
  const handleReactivate = ({ id, name }: Member) =>
    reactivate.mutate(
      { id, state: 'active' },
      { onSuccess: () => announce(t('people.reactivated_said', { name: isolate(name) })) },
    )
  const handleClose = () => {
    setOpen(null)
    // The row the dialog came from may be gone.
    if (document.activeElement === document.body) region.current?.focus()
  }
  const list = () => {
    if (!items) {
      if (!problem) return <ListSkeleton label={t('people.loading')} />
      return (
        <ErrorPanel
          problem={problem}
          what={t('people.failed')}
          onRetry={() => members.refetch()}
          retrying={members.isFetching}
        />
      )
    }
    if (items.length === 0) {
      return (
        <EmptyState
          icon={UsersRound}
          title={t('people.none_match')}
          action={<Button onClick={() => onFilter({})}>{t('people.clear')}</Button>}
        />
      )
    }
    return (
      <>
        {problem && !members.isFetchNextPageError && (
          <StaleStamp readAt={members.dataUpdatedAt} onRefresh={() => members.refetch()} busy={members.isFetching} />
        )}
        <table className="w-full text-start">
          <thead className="border-line border-b bg-raised text-ink-2 text-meta max-desk:sr-only">
            <tr>
              <th scope="col" className="h-8 ps-4 pe-3 text-start font-medium">
                {t('people.person')}
              </th>
              <th scope="col" className="px-3 text-start font-medium max-desk:hidden">
                {t('people.role')}
              </th>
              <th scope="col" className="px-3 text-start font-medium max-desk:hidden">
                {t('people.teams')}
              </th>
              <th scope="col" className="whitespace-nowrap px-3 text-start font-medium max-desk:hidden">
                {t('people.last_seen')}
              </th>
              <th scope="col" className="pe-3">
                <span className="sr-only">{t('people.acts')}</span>
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {items.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                roles={roles}
                teams={teams}
                onAct={(act) => setOpen({ act, member })}
                onReactivate={() => handleReactivate(member)}
              />
            ))}
          </tbody>
        </table>
        <ShowMore list={members} />
      </>
    )
  }
  return (
    <section ref={region} tabIndex={-1} aria-label={t('people.members')} className="flex flex-col gap-4 outline-none">
      <MemberFilters filter={filter} roles={roles} teams={teams} onChange={onFilter} />
      <Refusal problem={asProblem(reactivate.error)} own={own(asProblem(reactivate.error))} />
      <div
        aria-busy={members.isPlaceholderData}
        className="overflow-hidden rounded-panel border border-line bg-surface"
      >
        {list()}
      </div>
      {open && <MemberDialog act={open.act} member={open.member} roles={roles} teams={teams} onClose={handleClose} />}
    </section>
  )
}
