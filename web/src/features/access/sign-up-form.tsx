import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { Session } from '@/api/types'
import { Button } from '@/ui/button'
import { Field } from '@/ui/field'
import { useRegister } from './api/register'
import { FormProblem } from './form-problem'
import { useCountdown } from './use-countdown'

const registration = z.object({
  tenant_name: z.string().check(z.trim(), z.minLength(1)),
  name: z.string().check(z.trim(), z.minLength(1)),
  email: z.string().check(z.email()),
  password: z.string().check(z.minLength(8), z.maxLength(128)),
})

type Registration = z.infer<typeof registration>

export function SignUpForm({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation()
  const signUp = useRegister()
  const [waitUntil, setWaitUntil] = useState<number | null>(null)
  const wait = useCountdown(waitUntil)
  const { register, handleSubmit, setError, formState } = useForm<Registration>({
    resolver: zodResolver(registration),
    defaultValues: { tenant_name: '', name: '', email: '', password: '' },
  })
  const problem = asProblem(signUp.error)
  const submit = handleSubmit((body) =>
    signUp.mutate(body, {
      onSuccess: onSignedIn,
      onError: (error) => {
        const refused = asProblem(error)
        if (refused?.retryAfter) setWaitUntil(Date.now() + refused.retryAfter * 1_000)
        for (const { field, detail } of refused?.fields ?? []) {
          if (field in registration.shape) setError(field as keyof Registration, { type: 'server', message: detail })
        }
      },
    }),
  )
  const { errors } = formState
  const said = (field: keyof Registration, ours: string) => errors[field] && (serverWords(errors[field]) ?? ours)
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && problem.fields.length === 0 && <FormProblem problem={problem} wait={wait} />}
      <Field
        label={t('auth.workspace')}
        hint={t('auth.workspace_hint')}
        autoComplete="organization"
        error={said('tenant_name', t('auth.invalid.workspace'))}
        {...register('tenant_name')}
      />
      <Field
        label={t('auth.name')}
        autoComplete="name"
        error={said('name', t('auth.invalid.name'))}
        {...register('name')}
      />
      <Field
        label={t('auth.email')}
        type="email"
        autoComplete="username"
        dir="ltr"
        error={said('email', t('auth.invalid.email'))}
        {...register('email')}
      />
      <Field
        label={t('auth.password')}
        hint={t('auth.password_hint')}
        type="password"
        autoComplete="new-password"
        dir="ltr"
        error={said('password', t('auth.invalid.password'))}
        {...register('password')}
      />
      <Button type="submit" look="primary" size="large" busy={signUp.isPending} disabled={wait > 0}>
        {wait > 0 ? t('auth.wait', { count: wait }) : t('auth.create_workspace')}
      </Button>
    </form>
  )
}

/** The server's sentence, where it was the server who objected; the form's own checks have our words. */
function serverWords(error: { type?: unknown; message?: string | undefined }): string | undefined {
  return error.type === 'server' ? error.message : undefined
}
