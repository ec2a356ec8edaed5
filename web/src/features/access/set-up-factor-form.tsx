import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import { Field } from '@/ui/field'
import { useWait } from '@/ui/use-wait'
import { useSetUpFactor } from './api/set-up-factor'
import { FormProblem } from './form-problem'
import { SubmitButton } from './submit-button'
import { UsernameForManagers } from './username-for-managers'

const proof = z.object({ password: z.string().check(z.minLength(1)) })

type Props = { email: string; onSecret: (secret: { secret: string; otpauth_url: string }) => void }

export function SetUpFactorForm({ email, onSecret }: Props) {
  const { t } = useTranslation()
  const setUp = useSetUpFactor()
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(proof),
    defaultValues: { password: '' },
  })
  const problem = asProblem(setUp.error)
  const wait = useWait(problem)
  return (
    <form
      onSubmit={handleSubmit(({ password }) => setUp.mutate(password, { onSuccess: onSecret }))}
      noValidate
      className="flex flex-col gap-4"
    >
      {problem && (
        <FormProblem
          problem={problem}
          wait={wait}
          own={{ invalid_credentials: t('auth.problem_password'), already_exists: t('factor.on_already') }}
        />
      )}
      <p className="text-ink-2">{t('factor.password_lead')}</p>
      <UsernameForManagers email={email} />
      <Field
        label={t('auth.current_password')}
        type="password"
        autoComplete="current-password"
        dir="ltr"
        error={formState.errors.password && t('auth.invalid.password_missing')}
        {...register('password')}
      />
      <SubmitButton busy={setUp.isPending} wait={wait}>
        {t('factor.continue')}
      </SubmitButton>
    </form>
  )
}
