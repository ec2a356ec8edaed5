import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'
import { Field } from '@/ui/field'
import { useCountdown } from '@/ui/use-countdown'
import { useWait } from '@/ui/use-wait'
import { useForgotPassword } from './api/forgot-password'
import { FormProblem } from './form-problem'
import { MailSent } from './mail-sent'
import { SubmitButton } from './submit-button'

const account = z.object({ email: z.string().check(z.email()) })

const betweenMails = 60_000

export function ForgotPasswordForm() {
  const { t } = useTranslation()
  const forgot = useForgotPassword()
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(account),
    defaultValues: { email: '' },
  })
  const problem = asProblem(forgot.error)
  const wait = useWait(problem)
  const again = useCountdown(forgot.isSuccess ? forgot.submittedAt + betweenMails : null)
  if (forgot.isSuccess) {
    return (
      <MailSent words={t('auth.forgot_sent', { email: isolate(forgot.variables) })}>
        <Button disabled={again > 0} onClick={() => forgot.mutate(forgot.variables)}>
          {again > 0 ? t('auth.send_again_in', { count: again }) : t('auth.send_again')}
        </Button>
        <Button look="ghost" onClick={() => forgot.reset()}>
          {t('auth.other_email')}
        </Button>
      </MailSent>
    )
  }
  return (
    <form onSubmit={handleSubmit(({ email }) => forgot.mutate(email))} noValidate className="flex flex-col gap-4">
      {problem && <FormProblem problem={problem} wait={wait} />}
      <Field
        label={t('auth.email')}
        type="email"
        autoComplete="username"
        dir="ltr"
        error={formState.errors.email && t('auth.invalid.email')}
        {...register('email')}
      />
      <SubmitButton busy={forgot.isPending} wait={wait}>
        {t('auth.forgot_send')}
      </SubmitButton>
    </form>
  )
}
