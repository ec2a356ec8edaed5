import { zodResolver } from '@hookform/resolvers/zod'
import { useEffect, useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { Session } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'
import { Field } from '@/ui/field'
import { useCountdown } from '@/ui/use-countdown'
import { useWait } from '@/ui/use-wait'
import type { useMailCode } from './api/mail-code'
import { useSignIn } from './api/sign-in'
import { CodeField } from './code-field'
import { FormProblem } from './form-problem'
import { type Challenge, type Method, proofOf } from './sign-in.model'
import { SubmitButton } from './submit-button'

const answer = z.object({ code: z.string().check(z.trim(), z.minLength(6)) })

type Props = {
  challenge: Challenge
  mailing: ReturnType<typeof useMailCode>
  onSignedIn: (session: Session) => void
  onBack: () => void
}

const betweenMails = 60_000

/** The second step of signing in: a code of the app, of a letter, or from the list of recovery codes. */
export function CodeForm({ challenge, mailing, onSignedIn, onBack }: Props) {
  const { t } = useTranslation()
  const { email, password, methods } = challenge
  const [method, setMethod] = useState<Method>(methods[0] ?? 'totp')
  const signIn = useSignIn()
  const { register, handleSubmit, resetField, setFocus, formState } = useForm({
    resolver: zodResolver(answer),
    defaultValues: { code: '' },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another method is another field to type into
  useEffect(() => setFocus('code'), [method, setFocus])

  const problem = asProblem(signIn.error ?? (method === 'email' ? mailing.error : null))
  const wait = useWait(asProblem(signIn.error))
  const again = useCountdown(mailing.isSuccess ? mailing.submittedAt + betweenMails : null)
  const mailLimited = useWait(asProblem(mailing.error))
  const sendMail = () => mailing.mutate({ email, password })
  const handleMethod = (next: Method) => {
    setMethod(next)
    signIn.reset()
    resetField('code')
    if (next === 'email' && !mailing.isSuccess) sendMail()
  }
  const submit = handleSubmit(({ code }) =>
    signIn.mutate(
      { email, password, ...proofOf(method, code) },
      { onSuccess: onSignedIn, onError: () => resetField('code') },
    ),
  )
  const error = formState.errors.code && t(`auth.code.missing.${method}`)
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <p className="text-ink-2">{t(`auth.code.lead.${method}`, { email: isolate(email) })}</p>
      {problem && (
        <FormProblem
          problem={problem}
          wait={Math.max(wait, mailLimited)}
          own={{ totp_invalid: t(`auth.code.wrong.${method}`) }}
        />
      )}
      {method === 'recovery_code' ? (
        <Field
          label={t('auth.code.label.recovery_code')}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={40}
          dir="ltr"
          className="font-mono"
          error={error}
          {...register('code')}
        />
      ) : (
        <CodeField label={t(`auth.code.label.${method}`)} error={error} {...register('code')} />
      )}
      <SubmitButton busy={signIn.isPending} wait={wait}>
        {t('auth.sign_in')}
      </SubmitButton>
      <div className="flex flex-col items-stretch gap-1">
        {method === 'email' && (
          <Button look="ghost" disabled={again > 0 || mailLimited > 0} busy={mailing.isPending} onClick={sendMail}>
            {again > 0 ? t('auth.code.resend_in', { count: again }) : t('auth.code.resend')}
          </Button>
        )}
        {methods
          .filter((item) => item !== method)
          .map((item) => (
            <Button key={item} look="ghost" onClick={() => handleMethod(item)}>
              {t(`auth.code.use.${item}`)}
            </Button>
          ))}
        <Button look="ghost" onClick={onBack}>
          {t('auth.code.back')}
        </Button>
      </div>
    </form>
  )
}
