import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { Session } from '@/api/types'
import { Button } from '@/ui/button'
import { Field } from '@/ui/field'
import { useSignIn } from './api/sign-in'
import { FormProblem } from './form-problem'
import { useCountdown } from './use-countdown'

const credentials = z.object({
  email: z.string().check(z.email()),
  password: z.string().check(z.minLength(1)),
})

export function SignInForm({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation()
  const signIn = useSignIn()
  const [waitUntil, setWaitUntil] = useState<number | null>(null)
  const wait = useCountdown(waitUntil)
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(credentials),
    defaultValues: { email: '', password: '' },
  })
  const problem = asProblem(signIn.error)
  const submit = handleSubmit((body) =>
    signIn.mutate(body, {
      onSuccess: onSignedIn,
      onError: (error) => {
        const seconds = asProblem(error)?.retryAfter
        if (seconds) setWaitUntil(Date.now() + seconds * 1_000)
      },
    }),
  )
  const { errors } = formState
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && <FormProblem problem={problem} wait={wait} />}
      <Field
        label={t('auth.email')}
        type="email"
        autoComplete="username"
        dir="ltr"
        error={errors.email && t('auth.invalid.email')}
        {...register('email')}
      />
      <Field
        label={t('auth.password')}
        type="password"
        autoComplete="current-password"
        dir="ltr"
        error={errors.password && t('auth.invalid.password_missing')}
        {...register('password')}
      />
      <Button type="submit" look="primary" size="large" busy={signIn.isPending} disabled={wait > 0}>
        {wait > 0 ? t('auth.wait', { count: wait }) : t('auth.sign_in')}
      </Button>
    </form>
  )
}
