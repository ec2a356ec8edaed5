import { zodResolver } from '@hookform/resolvers/zod'
import { type ReactNode, useEffect, useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import { useWait } from '@/ui/use-wait'
import { useResetPassword } from './api/reset-password'
import { CodeField } from './code-field'
import { showFieldErrors } from './field-errors'
import { FormProblem } from './form-problem'
import { NewPasswordField } from './new-password-field'
import { Notice } from './notice'
import { SubmitButton } from './submit-button'

const reset = z.object({
  new_password: z.string().check(z.minLength(8), z.maxLength(128)),
  totp: z.string(),
})

type Props = {
  token: string
  /** The way to the sign-in. */
  toSignIn: ReactNode
  /** The way to another link. */
  toForgot: ReactNode
}

/** A new password by a mailed link; who has an authenticator app is asked for its code, too. */
export function ResetPasswordForm({ token, toSignIn, toForgot }: Props) {
  const { t } = useTranslation()
  const resetting = useResetPassword()
  const [withCode, setWithCode] = useState(false)
  const { register, handleSubmit, setError, setFocus, resetField, formState } = useForm({
    resolver: zodResolver(reset),
    defaultValues: { new_password: '', totp: '' },
  })
  useEffect(() => {
    if (withCode) setFocus('totp')
  }, [withCode, setFocus])
  const problem = asProblem(resetting.error)
  const wait = useWait(problem)
  if (resetting.isSuccess) {
    return (
      <Notice kind="done" words={t('auth.reset_done')}>
        {toSignIn}
      </Notice>
    )
  }
  if (problem?.code === 'expired' || token === '') {
    return (
      <Notice kind="expired" words={t('auth.problem.expired')}>
        {toForgot}
      </Notice>
    )
  }
  const submit = handleSubmit(({ new_password, totp }) =>
    resetting.mutate(
      { token, new_password, ...(withCode ? { totp: totp.replaceAll(/\s/g, '') } : {}) },
      {
        onError: (error) => {
          const refused = asProblem(error)
          if (refused?.code === 'totp_required') setWithCode(true)
          if (refused?.code === 'totp_invalid') resetField('totp')
          showFieldErrors(refused, ['new_password'], setError)
        },
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && problem.code !== 'totp_required' && problem.fields.length === 0 && (
        <FormProblem problem={problem} wait={wait} own={{ totp_invalid: t('auth.code.wrong.totp') }} />
      )}
      <NewPasswordField
        label={t('auth.new_password')}
        error={formState.errors.new_password}
        {...register('new_password')}
      />
      {withCode && (
        <CodeField label={t('auth.code.label.totp')} hint={t('auth.reset_code_hint')} {...register('totp')} />
      )}
      <SubmitButton busy={resetting.isPending} wait={wait}>
        {t('auth.reset_save')}
      </SubmitButton>
    </form>
  )
}
