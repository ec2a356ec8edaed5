import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type Problem } from '@/api/problem'
import { meQuery } from '@/api/session'
import type { Invited, Me, Session } from '@/api/types'
import { pageLink, textLink } from '@/app/page-frame'
import { tellTabs } from '@/app/session-tabs'
import { AcceptAsMe } from '@/features/access/accept-as-me'
import { AcceptNewForm } from '@/features/access/accept-new-form'
import { invitedQuery } from '@/features/access/api/open-invitation'
import { useSignOut } from '@/features/access/api/sign-out'
import { AskAgain } from '@/features/access/ask-again'
import { AuthPage } from '@/features/access/auth-page'
import { Notice } from '@/features/access/notice'
import { useRoleName, useRoleWords } from '@/features/people/role-words'
import { isolate } from '@/i18n/isolate'
import { Avatar } from '@/ui/avatar'
import { Button } from '@/ui/button'
import { ErrorPanel } from '@/ui/error-panel'
import { Skeleton } from '@/ui/skeleton'

export const Route = createFileRoute('/invite/$token')({ component: InvitePage })

/** Where the link of an invitation leads: to a new account, to a button, or to why it no longer works. */
function InvitePage() {
  const { t } = useTranslation()
  const { token } = Route.useParams()
  const { queries } = Route.useRouteContext()
  const router = useRouter()
  const invited = useQuery(invitedQuery(token))
  // Being nobody is an ordinary answer here.
  const who = useQuery({ ...meQuery, retry: false })
  const problem = asProblem(invited.error)
  const handleAccepted = ({ tenant }: Session) => {
    // Nothing of another workspace stays; the invitation does, or it would be read once more and found used.
    queries.removeQueries({ predicate: ({ queryKey }) => !queryKey.includes(token) })
    if (!tenant) return
    tellTabs({ kind: 'switched', slug: tenant.slug })
    void router.navigate({ to: '/t/$slug', params: { slug: tenant.slug } })
  }
  if (problem?.code === 'expired') return <Over token={token} problem={problem} signedIn={who.data !== undefined} />
  if (problem && !invited.data) {
    return (
      <AuthPage title={t('invite.title')}>
        <ErrorPanel
          problem={problem}
          what={t('invite.failed')}
          onRetry={() => invited.refetch()}
          retrying={invited.isFetching}
        />
      </AuthPage>
    )
  }
  if (!invited.data || who.isPending) {
    return (
      <AuthPage title={t('invite.title')}>
        <div role="status" aria-label={t('invite.loading')} className="flex flex-col gap-4">
          <Skeleton className="h-16" />
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </div>
      </AuthPage>
    )
  }
  const { tenant_name, inviter } = invited.data
  return (
    <AuthPage
      title={t('invite.to', { workspace: isolate(tenant_name) })}
      lead={t('invite.by', { inviter: isolate(inviter) })}
    >
      <RoleCard invited={invited.data} />
      <Way token={token} invited={invited.data} me={who.data} onAccepted={handleAccepted} />
    </AuthPage>
  )
}

/** What the person will be there. */
function RoleCard({ invited }: { invited: Invited }) {
  const { t } = useTranslation()
  const roleName = useRoleName()
  const roleWords = useRoleWords()
  const role = { key: invited.role_key, name: invited.role, permissions: invited.permissions }
  return (
    <div className="flex items-start gap-3 rounded-input bg-raised p-3">
      <Avatar name={invited.tenant_name} />
      <div>
        <p className="font-medium">{t('invite.as_role', { role: isolate(roleName(role)) })}</p>
        <p className="text-compact text-ink-2">{roleWords(role)}</p>
      </div>
    </div>
  )
}

type WayProps = { token: string; invited: Invited; me: Me | undefined; onAccepted: (session: Session) => void }

/** The way in, for who this is. */
function Way({ token, invited, me, onAccepted }: WayProps) {
  const { t } = useTranslation()
  const action = t('invite.join', { workspace: isolate(invited.tenant_name) })
  if (me && me.user.email.toLowerCase() !== invited.email.toLowerCase()) {
    return <SomebodyElse invited={invited} me={me} />
  }
  if (me) return <AcceptAsMe token={token} email={invited.email} action={action} onAccepted={onAccepted} />
  if (invited.existing_user) {
    return (
      <div className="flex flex-col items-start gap-4">
        <p>{t('invite.sign_in_first', { email: isolate(invited.email) })}</p>
        <Link to="/login" search={{ redirect: `/invite/${token}` }} className={pageLink}>
          {t('auth.sign_in')}
        </Link>
      </div>
    )
  }
  return <AcceptNewForm token={token} email={invited.email} action={action} onAccepted={onAccepted} />
}

/** The link is for another address than that of who is signed in. */
function SomebodyElse({ invited, me }: { invited: Invited; me: Me }) {
  const { t } = useTranslation()
  const { queries } = Route.useRouteContext()
  const signOut = useSignOut()
  const handleSwitch = () =>
    signOut.mutate(undefined, {
      onSuccess: () => {
        tellTabs({ kind: 'signed_out' })
        void queries.resetQueries()
      },
    })
  return (
    <div className="flex flex-col gap-4">
      <p role="status">{t('invite.somebody_else', { email: isolate(invited.email), me: isolate(me.user.email) })}</p>
      {signOut.error && (
        <p role="alert" className="text-compact text-danger">
          {t('auth.server_failed')}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button look="primary" size="large" busy={signOut.isPending} onClick={handleSwitch}>
          {t('invite.switch')}
        </Button>
        <Link to="/" className={textLink}>
          {t('invite.stay', { name: isolate(me.user.name) })}
        </Link>
      </div>
    </div>
  )
}

/** Why a link no longer works, and what to do about it. */
function Over({ token, problem, signedIn }: { token: string; problem: Problem; signedIn: boolean }) {
  const { t } = useTranslation()
  const inviter = isolate(problem.word('inviter') ?? '')
  const workspace = isolate(problem.word('tenant_name') ?? '')
  const onwards = signedIn ? (
    <Link to="/" className={pageLink}>
      {t('auth.go_to_workspace')}
    </Link>
  ) : (
    <Link to="/login" className={pageLink}>
      {t('auth.sign_in')}
    </Link>
  )
  const page = (title: string, words: string, next: ReactNode = null) => (
    <AuthPage title={title}>
      <Notice kind="expired" words={words}>
        {next}
      </Notice>
    </AuthPage>
  )
  switch (problem.word('reason')) {
    case 'accepted':
      return page(t('invite.used_title'), t('invite.used', { workspace }), onwards)
    case 'expired':
      return page(
        t('invite.expired_title'),
        t('invite.expired', { inviter, workspace }),
        <AskAgain token={token} inviter={problem.word('inviter') ?? ''} />,
      )
    case 'revoked':
      return page(t('invite.revoked_title'), t('invite.revoked', { inviter, workspace }))
    default:
      return page(t('invite.unknown_title'), t('invite.unknown'), onwards)
  }
}
