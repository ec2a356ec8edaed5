import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { Button } from '@/ui/button'
import { useWait } from '@/ui/use-wait'
import { useVerifyEmail } from './api/verify-email'
import { FormProblem } from './form-problem'
import { Notice } from './notice'

type Props = {
  token: string
  /** The way on, once the address is confirmed. */
  onwards: ReactNode
  /** What to do with a link that ran out. */
  another: ReactNode
}

/**
 * Confirms an address. It takes a click, because programs that look through mail open every link, and this one is
 * good once.
 */
export function VerifyEmailForm({ token, onwards, another }: Props) {
  const { t } = useTranslation()
  const verifying = useVerifyEmail()
  const problem = asProblem(verifying.error)
  const wait = useWait(problem)
  if (verifying.isSuccess) {
    return (
      <Notice kind="done" words={t('auth.verify_done')}>
        {onwards}
      </Notice>
    )
  }
  if (problem?.code === 'expired' || token === '') {
    return (
      <Notice kind="expired" words={t('auth.verify_expired')}>
        {another}
      </Notice>
    )
  }
  return (
    <div className="flex flex-col gap-4">
      {problem && <FormProblem problem={problem} wait={wait} />}
      <Button
        look="primary"
        size="large"
        busy={verifying.isPending}
        disabled={wait > 0}
        onClick={() => verifying.mutate(token)}
      >
        {t('auth.verify_confirm')}
      </Button>
    </div>
  )
}
