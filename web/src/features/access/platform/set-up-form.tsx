import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { SetupState } from '@/api/types'
import { Field } from '@/ui/field'
import { useWait } from '@/ui/use-wait'
import { serverWords, showFieldErrors } from '../field-errors'
import { FormProblem } from '../form-problem'
import { NewPasswordField } from '../new-password-field'
import { SubmitButton } from '../submit-button'
import { useSetUp } from './api/set-up'
import { BaseUrlField } from './base-url-field'
import { ModeField } from './mode-field'

const setUp = z.object({
  name: z.string().check(z.trim(), z.minLength(1)),
  email: z.string().check(z.email()),
  password: z.string().check(z.minLength(8), z.maxLength(128)),
  mode: z.string(),
  base_url: z.string(),
})

type Props = { token: string; settings: NonNullable<SetupState['settings']>; onDone: () => void }

/** The first platform admin, and what they decide for all. */
export function SetUpForm({ token, settings, onDone }: Props) {
  const { t } = useTranslation()
  const set = useSetUp()
  const { register, handleSubmit, setError, watch, formState } = useForm({
    resolver: zodResolver(setUp),
    defaultValues: { name: '', email: '', password: '', mode: settings.mode as string, base_url: settings.base_url },
  })
  const problem = asProblem(set.error)
  const wait = useWait(problem)
  const { errors } = formState
  const fields = ['name', 'email', 'password', 'mode', 'base_url'] as const
  const submit = handleSubmit((body) => {
    // An address nobody chose goes on to follow from where the program listens.
    const chosen = settings.fixed.includes('base_url') || body.base_url !== settings.base_url
    set.mutate(
      { ...body, token, mode: body.mode === 'saas' ? 'saas' : 'whitelabel', base_url: chosen ? body.base_url : null },
      { onSuccess: onDone, onError: (error) => showFieldErrors(asProblem(error), fields, setError) },
    )
  })
  const own = {
    expired: t('setup.link_expired'),
    invalid_credentials: t('setup.link_wrong'),
    already_exists: t('setup.email_taken'),
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {problem && (problem.fields.length === 0 || problem.code === 'already_exists') && (
        <FormProblem problem={problem} wait={wait} own={own} />
      )}
      <Field
        label={t('auth.name')}
        autoComplete="name"
        maxLength={80}
        error={errors.name && (serverWords(errors.name) ?? t('auth.invalid.name'))}
        {...register('name')}
      />
      <Field
        label={t('auth.email')}
        type="email"
        autoComplete="username"
        dir="ltr"
        error={errors.email && t('auth.invalid.email')}
        {...register('email')}
      />
      <NewPasswordField label={t('auth.password')} error={errors.password} {...register('password')} />
      <ModeField fixed={settings.fixed.includes('mode')} {...register('mode')} />
      <BaseUrlField
        fixed={settings.fixed.includes('base_url')}
        value={watch('base_url')}
        error={errors.base_url && t('platform.base_url_invalid')}
        {...register('base_url')}
      />
      <SubmitButton busy={set.isPending} wait={wait}>
        {t('setup.create')}
      </SubmitButton>
    </form>
  )
}
