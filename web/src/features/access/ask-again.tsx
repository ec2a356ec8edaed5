import { useTranslation } from 'react-i18next'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'
import { useRemindInvitation } from './api/remind-invitation'

type Props = { token: string; inviter: string }

/** Asks the inviter to send a link again that ran out. */
export function AskAgain({ token, inviter }: Props) {
  const { t } = useTranslation()
  const remind = useRemindInvitation()
  if (remind.isSuccess) return <p role="status">{t('invite.asked', { inviter: isolate(inviter) })}</p>
  return (
    <>
      <Button busy={remind.isPending} onClick={() => remind.mutate(token)}>
        {t('invite.ask_again', { inviter: isolate(inviter) })}
      </Button>
      {remind.error && (
        <p role="alert" className="text-compact text-danger">
          {t('auth.server_failed')}
        </p>
      )}
    </>
  )
}
