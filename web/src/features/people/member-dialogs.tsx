import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import type { Member, Role, Team } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { announce } from '@/ui/announcer'
import { ConfirmDialog } from '@/ui/confirm-dialog'
import { useChangeMember } from './api/change-member'
import { useRemoveMember } from './api/remove-member'
import { useResetFactor } from './api/reset-factor'
import { useRevokeSessions } from './api/revoke-sessions'
import { EditMemberDialog } from './edit-member-dialog'
import { HandOverField } from './hand-over-field'
import { usePeopleWords } from './people-words'

export type MemberAct = 'edit' | 'suspend' | 'remove' | 'reset_factor' | 'sign_out'

type Props = { act: MemberAct; member: Member; roles: Role[]; teams: Team[]; onClose: () => void }

/** What is done to a member, each in a dialog of its own. */
export function MemberDialog({ act, member, roles, teams, onClose }: Props) {
  switch (act) {
    case 'edit':
      return <EditMemberDialog member={member} roles={roles} teams={teams} onClose={onClose} />
    case 'suspend':
      return <SuspendDialog member={member} roles={roles} onClose={onClose} />
    case 'remove':
      return <RemoveDialog member={member} roles={roles} onClose={onClose} />
    case 'reset_factor':
      return <ResetFactorDialog member={member} onClose={onClose} />
    case 'sign_out':
      return <SignOutDialog member={member} onClose={onClose} />
  }
}

type DialogProps = Pick<Props, 'member' | 'roles' | 'onClose'>

function SuspendDialog({ member, roles, onClose }: DialogProps) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const [successor, setSuccessor] = useState('')
  const change = useChangeMember()
  const name = isolate(member.name)
  const handleConfirm = () =>
    change.mutate(
      { id: member.id, state: 'suspended', ...(successor ? { reassign_to: successor } : {}) },
      {
        onSuccess: () => {
          announce(t('people.suspended_said', { name }))
          onClose()
        },
      },
    )
  return (
    <ConfirmDialog
      title={t('people.suspend_title', { name })}
      lead={t('people.suspend_lead')}
      action={t('people.suspend')}
      problem={asProblem(change.error)}
      own={own(asProblem(change.error))}
      busy={change.isPending}
      onConfirm={handleConfirm}
      onClose={onClose}
    >
      <HandOverField of={member.id} roles={roles} value={successor} onChange={setSuccessor} />
    </ConfirmDialog>
  )
}

function RemoveDialog({ member, roles, onClose }: DialogProps) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const { user, tenant } = useSession()
  const [successor, setSuccessor] = useState('')
  const remove = useRemoveMember()
  const name = isolate(member.name)
  const self = member.id === user.id
  const handleConfirm = () =>
    remove.mutate(
      { id: member.id, ...(successor ? { reassign_to: successor } : {}) },
      {
        onSuccess: () => {
          announce(t('people.removed_said', { name }))
          onClose()
        },
      },
    )
  return (
    <ConfirmDialog
      title={self ? t('people.leave_title', { workspace: isolate(tenant.name) }) : t('people.remove_title', { name })}
      lead={self ? t('people.leave_lead') : t('people.remove_lead')}
      action={self ? t('people.leave') : t('people.remove')}
      problem={asProblem(remove.error)}
      own={own(asProblem(remove.error))}
      busy={remove.isPending}
      onConfirm={handleConfirm}
      onClose={onClose}
    >
      <HandOverField of={member.id} roles={roles} value={successor} onChange={setSuccessor} />
    </ConfirmDialog>
  )
}

function ResetFactorDialog({ member, onClose }: Pick<Props, 'member' | 'onClose'>) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const reset = useResetFactor()
  const name = isolate(member.name)
  const handleConfirm = () =>
    reset.mutate(member.id, {
      onSuccess: () => {
        announce(t('people.reset_factor_said', { name }))
        onClose()
      },
    })
  return (
    <ConfirmDialog
      title={t('people.reset_factor_title', { name })}
      lead={t('people.reset_factor_lead')}
      action={t('people.reset_factor')}
      problem={asProblem(reset.error)}
      own={own(asProblem(reset.error))}
      busy={reset.isPending}
      onConfirm={handleConfirm}
      onClose={onClose}
    />
  )
}

function SignOutDialog({ member, onClose }: Pick<Props, 'member' | 'onClose'>) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const revoke = useRevokeSessions()
  const name = isolate(member.name)
  const handleConfirm = () =>
    revoke.mutate(member.id, {
      onSuccess: () => {
        announce(t('people.signed_out_said', { name }))
        onClose()
      },
    })
  return (
    <ConfirmDialog
      title={t('people.sign_out_title', { name })}
      lead={t('people.sign_out_lead')}
      action={t('people.sign_out')}
      problem={asProblem(revoke.error)}
      own={own(asProblem(revoke.error))}
      busy={revoke.isPending}
      onConfirm={handleConfirm}
      onClose={onClose}
    />
  )
}
