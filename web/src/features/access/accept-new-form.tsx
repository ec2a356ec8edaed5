import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { Session } from '@/api/types'
import { Field } from '@/ui/field'
import { useWait } from '@/ui/use-wait'
import { useAcceptInvitation } from './api/accept-invitation'
import { serverWords, showFieldErrors } from './field-errors'
import { FormProblem } from './form-problem'
import { NewPasswordField } from './new-password-field'
import { SubmitButton } from './submit-button'

const newcomer = z.object({
  name: z.string().check(z.trim(), z.minLength(1)),
  password: z.string().check(z.minLength(8), z.maxLength(128)),
})

type Props = { token: string; email: string; action: string; onAccepted: (session: Session) => void }

/** Comes in as a new person: the address is the invited one. */
export function AcceptNewForm({ token, email, action, onAccepted }: Props) {
  const { t } = useTranslation()
  const accept = useAcceptInvitation()
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(newcomer),
    defaultValues: { name: '', password: '' },
  })
  const problem = asProblem(accept.error)
  const wait = useWait(problem)
  const submit = handleSubmit((body) =>
    accept.mutate(
      { token, ...body },
      {
        onSuccess: onAccepted,
        onError: (error) => showFieldErrors(asProblem(error), ['name', 'password'], setError),
      },
    ),
  )
  const { errors } = formState
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && (problem.fields.length === 0 || problem.code === 'already_exists') && (
        <FormProblem problem={problem} wait={wait} />
      )}
      <Field
        label={t('auth.email')}
        hint={t('invite.address_hint')}
        type="email"
        autoComplete="username"
        dir="ltr"
        readOnly
        value={email}
        className="bg-raised text-ink-2"
      />
      <Field
        label={t('auth.name')}
        autoComplete="name"
        error={errors.name && (serverWords(errors.name) ?? t('auth.invalid.name'))}
        {...register('name')}
      />
      <NewPasswordField label={t('auth.password')} error={errors.password} {...register('password')} />
      <SubmitButton busy={accept.isPending} wait={wait}>
        {action}
      </SubmitButton>
    </form>
  )
}
