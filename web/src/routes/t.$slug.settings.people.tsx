import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useNavigate } from '@tanstack/react-router'
import { UserRoundPlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MemberQuery } from '@/api/keys'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import { rolesQuery } from '@/features/people/api/list-roles'
import { joinableTeamsQuery } from '@/features/people/api/list-teams'
import { Colleagues } from '@/features/people/colleagues'
import { InvitationsPanel } from '@/features/people/invitations-panel'
import { InvitePanel } from '@/features/people/invite-panel'
import { ListSkeleton } from '@/features/people/list-skeleton'
import { MembersPanel } from '@/features/people/members-panel'
import { type PeopleSearch, peopleSearch } from '@/features/people/people-search'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { ErrorPanel } from '@/ui/error-panel'
import { PageMain } from '@/ui/page-main'

export const Route = createFileRoute('/t/$slug/settings/people')({
  validateSearch: peopleSearch,
  component: PeoplePage,
})

function PeoplePage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const search = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  if (may('member.manage')) return <Managed />
  return (
    <PageMain title={t('settings.people')} lead={t('people.names_only')}>
      <Colleagues
        search={search.search ?? ''}
        onSearch={(text) => void navigate({ search: text ? { search: text } : {}, replace: true })}
      />
    </PageMain>
  )
}

/** For who manages them: the members, the invitations, and the way to invite. */
function Managed() {
  const { t } = useTranslation()
  const { may } = useSession()
  const { tab, sent, invite, ...filter } = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  const rolesRead = useQuery(rolesQuery)
  const teams = useQuery({ ...joinableTeamsQuery, enabled: may('team.view') }).data ?? []
  const roles = rolesRead.data
  const problem = asProblem(rolesRead.error)
  const go = (change: { [name in keyof PeopleSearch]: PeopleSearch[name] | undefined }) =>
    void navigate({ search: (now) => peopleSearch({ ...now, ...change }), replace: true })
  const handleFilter = (next: MemberQuery) => void navigate({ search: next, replace: true })
  const content = () => {
    if (!roles) {
      return (
        <div className="overflow-hidden rounded-panel border border-line bg-surface">
          {problem ? (
            <ErrorPanel
              problem={problem}
              what={t('people.failed')}
              onRetry={() => rolesRead.refetch()}
              retrying={rolesRead.isFetching}
            />
          ) : (
            <ListSkeleton label={t('people.loading')} />
          )}
        </div>
      )
    }
    return (
      <>
        {invite && <InvitePanel roles={roles} teams={teams} onClose={() => go({ invite: undefined })} />}
        <nav aria-label={t('settings.people')} className="flex gap-4 border-line border-b">
          <Link to="." search={{}} aria-current={tab ? undefined : 'page'} className={tabLink(!tab)}>
            {t('people.members')}
          </Link>
          <Link
            to="."
            search={{ tab: 'invitations' }}
            aria-current={tab ? 'page' : undefined}
            className={tabLink(tab !== undefined)}
          >
            {t('people.invitations')}
          </Link>
        </nav>
        {tab ? (
          <InvitationsPanel
            state={sent}
            teams={teams}
            onState={(state) => go({ sent: state })}
            onInvite={() => go({ invite: true })}
          />
        ) : (
          <MembersPanel filter={filter} roles={roles} teams={teams} onFilter={handleFilter} />
        )}
      </>
    )
  }
  return (
    <PageMain
      wide
      title={t('settings.people')}
      lead={t('people.lead')}
      actions={
        !invite && (
          <Button look="primary" onClick={() => go({ invite: true })}>
            <UserRoundPlus aria-hidden className="size-4" strokeWidth={1.75} />
            {t('people.invite')}
          </Button>
        )
      }
    >
      {content()}
    </PageMain>
  )
}

function tabLink(current: boolean): string {
  return cn(
    '-mb-px flex h-9 items-center border-b-2 max-list:h-11',
    current ? 'border-accent font-medium text-ink' : 'border-transparent text-ink-2 hover:text-ink',
  )
}
