import { useInfiniteQuery } from '@tanstack/react-query'
import { MailPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InvitationState } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Invitation, Team } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'
import { ConfirmDialog } from '@/ui/confirm-dialog'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { Refusal } from '@/ui/refusal'
import { SelectField } from '@/ui/select-field'
import { StaleStamp } from '@/ui/stale-stamp'
import { invitationsQuery } from './api/list-invitations'
import { useResendInvitation } from './api/resend-invitation'
import { useRevokeInvitation } from './api/revoke-invitation'
import { InvitationRow } from './invitation-row'
import { ListSkeleton } from './list-skeleton'
import { usePeopleWords } from './people-words'
import { ShowMore } from './show-more'

const states = ['open', 'expired', 'accepted', 'revoked'] as const

type Props = {
  state: InvitationState | undefined
  teams: Team[]
  onState: (state: InvitationState | undefined) => void
  onInvite: () => void
}

/** Who was invited, and what became of it. */
export function InvitationsPanel({ state, teams, onState, onInvite }: Props) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const invitations = useInfiniteQuery({ ...invitationsQuery(state), placeholderData: (previous) => previous })
  const resend = useResendInvitation()
  const revoke = useRevokeInvitation()
  const [links, setLinks] = useState<Record<string, string>>({})
  const [asking, setAsking] = useState<Invitation | null>(null)
  const problem = asProblem(invitations.error)
  const items = invitations.data?.pages.flatMap((page) => page.items)
  const handleResend = (id: string) =>
    resend.mutate(id, { onSuccess: ({ url }) => url && setLinks((kept) => ({ ...kept, [id]: url })) })
  const handleRevoke = (id: string) =>
    revoke.mutate(id, {
      onSuccess: () => {
        setAsking(null)
        setLinks(({ [id]: _, ...rest }) => rest)
      },
    })
  const list = () => {
    if (!items) {
      if (!problem) return <ListSkeleton label={t('people.loading')} />
      return (
        <ErrorPanel
          problem={problem}
          what={t('people.invitations_failed')}
          onRetry={() => invitations.refetch()}
          retrying={invitations.isFetching}
        />
      )
    }
    if (items.length === 0) {
      return (
        <EmptyState
          icon={MailPlus}
          title={state ? t('people.no_such_invitation') : t('people.no_invitations')}
          action={
            state ? (
              <Button onClick={() => onState(undefined)}>{t('people.every_invitation')}</Button>
            ) : (
              <Button look="primary" onClick={onInvite}>
                {t('people.invite')}
              </Button>
            )
          }
        />
      )
    }
    return (
      <>
        {problem && !invitations.isFetchNextPageError && (
          <StaleStamp
            readAt={invitations.dataUpdatedAt}
            onRefresh={() => invitations.refetch()}
            busy={invitations.isFetching}
          />
        )}
        <ul aria-label={t('people.invitations')} className="divide-y divide-line">
          {items.map((invitation) => (
            <InvitationRow
              key={invitation.id}
              invitation={invitation}
              teams={teams}
              link={links[invitation.id] ?? null}
              resending={resend.isPending && resend.variables === invitation.id}
              onResend={() => handleResend(invitation.id)}
              onRevoke={() => setAsking(invitation)}
            />
          ))}
        </ul>
        <ShowMore list={invitations} />
      </>
    )
  }
  return (
    <section aria-label={t('people.invitations')} className="flex flex-col gap-4">
      <SelectField
        label={t('people.state_label')}
        className="max-w-60"
        value={state ?? ''}
        onChange={(event) => onState(states.find((item) => item === event.target.value))}
      >
        <option value="">{t('people.every_invitation')}</option>
        {states.map((item) => (
          <option key={item} value={item}>
            {t(`people.sent.${item}`)}
          </option>
        ))}
      </SelectField>
      <Refusal problem={asProblem(resend.error)} own={own(asProblem(resend.error))} />
      <div className="overflow-hidden rounded-panel border border-line bg-surface">{list()}</div>
      {asking && (
        <ConfirmDialog
          title={t('people.revoke_title', { email: isolate(asking.email) })}
          lead={t('people.revoke_lead')}
          action={t('people.revoke')}
          problem={asProblem(revoke.error)}
          own={own(asProblem(revoke.error))}
          busy={revoke.isPending}
          onConfirm={() => handleRevoke(asking.id)}
          onClose={() => {
            setAsking(null)
            revoke.reset()
          }}
        />
      )}
    </section>
  )
}
