import { zodResolver } from '@hookform/resolvers/zod'
import { useEffect } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import { CopyButton } from '@/ui/copy-button'
import { QrCode } from '@/ui/qr-code'
import { useWait } from '@/ui/use-wait'
import { useVerifyFactor } from './api/verify-factor'
import { CodeField } from './code-field'
import { FormProblem } from './form-problem'
import { SubmitButton } from './submit-button'

const answer = z.object({ code: z.string().check(z.trim(), z.minLength(6)) })

type Props = { secret: string; url: string; onConfirmed: (recoveryCodes: string[]) => void }

/** Shows the secret to an authenticator app, by picture, link and text, and takes the app's first code. */
export function ConfirmFactorForm({ secret, url, onConfirmed }: Props) {
  const { t } = useTranslation()
  const verify = useVerifyFactor()
  const { register, handleSubmit, resetField, setFocus, formState } = useForm({
    resolver: zodResolver(answer),
    defaultValues: { code: '' },
  })
  useEffect(() => setFocus('code'), [setFocus])
  const problem = asProblem(verify.error)
  const wait = useWait(problem)
  const submit = handleSubmit(({ code }) =>
    verify.mutate(code.replaceAll(/\s/g, ''), {
      onSuccess: ({ recovery_codes }) => onConfirmed(recovery_codes),
      onError: () => resetField('code'),
    }),
  )
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start gap-4">
        <QrCode text={url} label={t('factor.qr')} />
        <div className="flex min-w-48 flex-1 flex-col gap-2 text-compact">
          <p>{t('factor.scan')}</p>
          <p className="text-ink-2">{t('factor.type_instead')}</p>
          <p dir="ltr" className="select-all break-words font-mono">
            {grouped(secret)}
          </p>
          <p className="flex flex-wrap items-center gap-2">
            <CopyButton text={secret} label={t('factor.copy_key')} />
            <a href={url} className="text-accent underline underline-offset-2">
              {t('factor.open_app')}
            </a>
          </p>
        </div>
      </div>
      {problem && (
        <FormProblem
          problem={problem}
          wait={wait}
          own={{
            totp_invalid: t('auth.code.wrong.totp'),
            not_found: t('factor.gone'),
            already_exists: t('factor.on_already'),
          }}
        />
      )}
      <CodeField
        label={t('auth.code.label.totp')}
        hint={t('factor.code_hint')}
        error={formState.errors.code && t('auth.code.missing.totp')}
        {...register('code')}
      />
      <SubmitButton busy={verify.isPending} wait={wait}>
        {t('factor.turn_on')}
      </SubmitButton>
    </form>
  )
}

/** In fours, which people can copy by hand. */
function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret
}
