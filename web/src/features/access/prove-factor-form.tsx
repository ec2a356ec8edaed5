import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import type { Problem } from '@/api/problem'
import { Field } from '@/ui/field'
import { useWait } from '@/ui/use-wait'
import { CodeField } from './code-field'
import { FormProblem } from './form-problem'
import { SubmitButton } from './submit-button'
import { UsernameForManagers } from './username-for-managers'

const proof = z.object({
  password: z.string().check(z.minLength(1)),
  code: z.string().check(z.trim(), z.minLength(6)),
})

type Props = {
  email: string
  problem: Problem | null
  busy: boolean
  action: string
  onProof: (proof: { password: string; code: string }) => void
}

/** Password and code together, before the second factor itself is changed. */
export function ProveFactorForm({ email, problem, busy, action, onProof }: Props) {
  const { t } = useTranslation()
  const wait = useWait(problem)
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(proof),
    defaultValues: { password: '', code: '' },
  })
  const { errors } = formState
  return (
    <form
      onSubmit={handleSubmit(({ password, code }) => onProof({ password, code: code.replaceAll(/\s/g, '') }))}
      noValidate
      className="flex flex-col gap-4"
    >
      {problem && (
        <FormProblem
          problem={problem}
          wait={wait}
          own={{ invalid_credentials: t('auth.problem_password'), totp_invalid: t('auth.code.wrong.totp') }}
        />
      )}
      <UsernameForManagers email={email} />
      <Field
        label={t('auth.current_password')}
        type="password"
        autoComplete="current-password"
        dir="ltr"
        error={errors.password && t('auth.invalid.password_missing')}
        {...register('password')}
      />
      <CodeField
        label={t('auth.code.label.totp')}
        error={errors.code && t('auth.code.missing.totp')}
        {...register('code')}
      />
      <SubmitButton busy={busy} wait={wait}>
        {action}
      </SubmitButton>
    </form>
  )
}
