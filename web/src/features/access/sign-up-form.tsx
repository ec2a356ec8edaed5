import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { Session } from '@/api/types'
import { Field } from '@/ui/field'
import { useWait } from '@/ui/use-wait'
import { useRegister } from './api/register'
import { serverWords, showFieldErrors } from './field-errors'
import { FormProblem } from './form-problem'
import { NewPasswordField } from './new-password-field'
import { SubmitButton } from './submit-button'

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
  const { register, handleSubmit, setError, formState } = useForm<Registration>({
    resolver: zodResolver(registration),
    defaultValues: { tenant_name: '', name: '', email: '', password: '' },
  })
  const problem = asProblem(signUp.error)
  const wait = useWait(problem)
  const submit = handleSubmit((body) =>
    signUp.mutate(body, {
      onSuccess: onSignedIn,
      onError: (error) => showFieldErrors(asProblem(error), ['tenant_name', 'name', 'email', 'password'], setError),
    }),
  )
  const { errors } = formState
  const said = (field: keyof Registration, ours: string) => errors[field] && (serverWords(errors[field]) ?? ours)
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && (problem.fields.length === 0 || problem.code === 'already_exists') && (
        <FormProblem problem={problem} wait={wait} />
      )}
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
        error={
          errors.email &&
          (errors.email.type === 'already_exists' ? t('auth.invalid.email_taken') : t('auth.invalid.email'))
        }
        {...register('email')}
      />
      <NewPasswordField label={t('auth.password')} error={errors.password} {...register('password')} />
      <SubmitButton busy={signUp.isPending} wait={wait}>
        {t('auth.create_workspace')}
      </SubmitButton>
    </form>
  )
}
