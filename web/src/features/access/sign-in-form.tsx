import { zodResolver } from '@hookform/resolvers/zod'
import type { ReactNode } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { Session } from '@/api/types'
import { Field } from '@/ui/field'
import { useWait } from '@/ui/use-wait'
import { useSignIn } from './api/sign-in'
import { FormProblem } from './form-problem'
import { type Challenge, methodsOf } from './sign-in.model'
import { SubmitButton } from './submit-button'

const credentials = z.object({
  email: z.string().check(z.email()),
  password: z.string().check(z.minLength(1)),
})

type Props = {
  email: string
  onSignedIn: (session: Session) => void
  /** A code is needed besides the password. */
  onChallenge: (challenge: Challenge) => void
  /** The way out of not knowing the password. */
  forgot: ReactNode
}

export function SignInForm({ email, onSignedIn, onChallenge, forgot }: Props) {
  const { t } = useTranslation()
  const signIn = useSignIn()
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(credentials),
    defaultValues: { email, password: '' },
  })
  const problem = asProblem(signIn.error)
  const wait = useWait(problem)
  const submit = handleSubmit((body) =>
    signIn.mutate(body, {
      onSuccess: onSignedIn,
      onError: (error) => {
        const refused = asProblem(error)
        if (refused?.code === 'totp_required') onChallenge({ ...body, methods: methodsOf(refused.methods) })
      },
    }),
  )
  const { errors } = formState
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && problem.code !== 'totp_required' && <FormProblem problem={problem} wait={wait} />}
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
      <SubmitButton busy={signIn.isPending} wait={wait}>
        {t('auth.sign_in')}
      </SubmitButton>
      <p className="text-center text-compact">{forgot}</p>
    </form>
  )
}
