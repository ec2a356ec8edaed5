import { zodResolver } from '@hookform/resolvers/zod'
import { useEffect, useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import { answerStepUp } from '@/api/step-up'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Field } from '@/ui/field'
import { useWait } from '@/ui/use-wait'
import { useStepUp } from './api/step-up'
import { CodeField } from './code-field'
import { FormProblem } from './form-problem'
import { SubmitButton } from './submit-button'
import { UsernameForManagers } from './username-for-managers'

const proof = z.object({ proof: z.string().check(z.trim(), z.minLength(1)) })

type Props = { email: string; withFactor: boolean }

/** Asks for the password or a code, while some act waits for it. */
export default function StepUpDialog({ email, withFactor }: Props) {
  const { t } = useTranslation()
  const [byCode, setByCode] = useState(withFactor)
  const stepUp = useStepUp()
  const { register, handleSubmit, resetField, setFocus, formState } = useForm({
    resolver: zodResolver(proof),
    defaultValues: { proof: '' },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another proof is another field to type into
  useEffect(() => setFocus('proof'), [byCode, setFocus])
  const problem = asProblem(stepUp.error)
  const wait = useWait(problem)
  const handleOther = () => {
    setByCode(!byCode)
    stepUp.reset()
    resetField('proof')
  }
  const submit = handleSubmit((given) =>
    stepUp.mutate(byCode ? { totp: given.proof.replaceAll(/\s/g, '') } : { password: given.proof }, {
      onSuccess: () => answerStepUp(true),
      onError: () => resetField('proof'),
    }),
  )
  const missing = formState.errors.proof
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) answerStepUp(false)
      }}
      title={t('step_up.title')}
      description={t('step_up.lead')}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {problem && (
          <FormProblem
            problem={problem}
            wait={wait}
            own={{ invalid_credentials: t('auth.problem_password'), totp_invalid: t('auth.code.wrong.totp') }}
          />
        )}
        <UsernameForManagers email={email} />
        {byCode ? (
          <CodeField
            key="code"
            label={t('auth.code.label.totp')}
            error={missing && t('auth.code.missing.totp')}
            {...register('proof')}
          />
        ) : (
          <Field
            key="password"
            label={t('auth.current_password')}
            type="password"
            autoComplete="current-password"
            dir="ltr"
            error={missing && t('auth.invalid.password_missing')}
            {...register('proof')}
          />
        )}
        <SubmitButton busy={stepUp.isPending} wait={wait}>
          {t('step_up.confirm')}
        </SubmitButton>
        {withFactor && (
          <Button look="ghost" onClick={handleOther}>
            {byCode ? t('step_up.use_password') : t('auth.code.use.totp')}
          </Button>
        )}
      </form>
    </Dialog>
  )
}
