import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import { Field } from '@/ui/field'
import { useWait } from '@/ui/use-wait'
import { useChangePassword } from './api/change-password'
import { showFieldErrors } from './field-errors'
import { FormProblem } from './form-problem'
import { NewPasswordField } from './new-password-field'
import { SubmitButton } from './submit-button'
import { UsernameForManagers } from './username-for-managers'

const change = z.object({
  current_password: z.string().check(z.minLength(1)),
  new_password: z.string().check(z.minLength(8), z.maxLength(128)),
})

export function ChangePasswordForm({ email, onChanged }: { email: string; onChanged: () => void }) {
  const { t } = useTranslation()
  const changing = useChangePassword()
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(change),
    defaultValues: { current_password: '', new_password: '' },
  })
  const problem = asProblem(changing.error)
  const wait = useWait(problem)
  const submit = handleSubmit((body) =>
    changing.mutate(body, {
      onSuccess: onChanged,
      onError: (error) => showFieldErrors(asProblem(error), ['new_password'], setError),
    }),
  )
  const { errors } = formState
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && problem.fields.length === 0 && (
        <FormProblem problem={problem} wait={wait} own={{ invalid_credentials: t('auth.problem_password') }} />
      )}
      <UsernameForManagers email={email} />
      <Field
        label={t('auth.current_password')}
        type="password"
        autoComplete="current-password"
        dir="ltr"
        error={errors.current_password && t('auth.invalid.password_missing')}
        {...register('current_password')}
      />
      <NewPasswordField label={t('auth.new_password')} error={errors.new_password} {...register('new_password')} />
      <SubmitButton busy={changing.isPending} wait={wait}>
        {t('auth.change_password')}
      </SubmitButton>
    </form>
  )
}
