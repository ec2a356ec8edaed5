import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { useCountdown } from '@/ui/use-countdown'
import { useWait } from '@/ui/use-wait'
import { useResendVerification } from './api/resend-verification'
import { FormProblem } from './form-problem'

const betweenMails = 60_000

/** Asks for another letter that confirms the caller's address. `sentAt` is when the last one left, if it just did. */
export function ResendVerification({ sentAt = null }: { sentAt?: number | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const resend = useResendVerification()
  const problem = asProblem(resend.error)
  const limited = useWait(problem)
  const last = resend.isSuccess ? resend.submittedAt : sentAt
  const again = useCountdown(last === null ? null : last + betweenMails)
  return (
    <>
      {problem && <FormProblem problem={problem} wait={limited} />}
      <Button busy={resend.isPending} disabled={again > 0 || limited > 0} onClick={() => resend.mutate()}>
        {limited > 0
          ? t('auth.wait_long', { time: format.left(limited * 1_000) })
          : again > 0
            ? t('auth.send_again_in', { count: again })
            : t('auth.send_again')}
      </Button>
    </>
  )
}
