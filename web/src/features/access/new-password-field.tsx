import type { ComponentProps } from 'react'
import type { FieldError } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Field } from '@/ui/field'

type Props = Omit<ComponentProps<typeof Field>, 'error' | 'label'> & { label: string; error?: FieldError | undefined }

/** A password to be chosen, with what the form or the server has against it in words. */
export function NewPasswordField({ error, ...rest }: Props) {
  const { t } = useTranslation()
  const words = () => {
    if (error?.type === 'too_common') return t('auth.invalid.password_common')
    if (error?.type === 'invalid') return t('auth.invalid.password_same')
    return t('auth.invalid.password')
  }
  return (
    <Field
      type="password"
      autoComplete="new-password"
      dir="ltr"
      hint={t('auth.password_hint')}
      error={error && words()}
      {...rest}
    />
  )
}
