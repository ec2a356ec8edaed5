import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Session } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { useWait } from '@/ui/use-wait'
import { useAcceptInvitation } from './api/accept-invitation'
import { FormProblem } from './form-problem'
import { SubmitButton } from './submit-button'

type Props = { token: string; email: string; action: string; onAccepted: (session: Session) => void }

/** Comes in as who is signed in: one button. */
export function AcceptAsMe({ token, email, action, onAccepted }: Props) {
  const { t } = useTranslation()
  const accept = useAcceptInvitation()
  const problem = asProblem(accept.error)
  const wait = useWait(problem)
  const submit = () => accept.mutate({ token }, { onSuccess: onAccepted })
  return (
    <form action={submit} className="flex flex-col gap-4">
      <p className="text-ink-2">{t('invite.as_you', { email: isolate(email) })}</p>
      {problem && (
        <FormProblem
          problem={problem}
          wait={wait}
          own={{ already_exists: t('invite.member_already'), permission_denied: t('invite.other_address') }}
        />
      )}
      <SubmitButton busy={accept.isPending} wait={wait}>
        {action}
      </SubmitButton>
    </form>
  )
}
