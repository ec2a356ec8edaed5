import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { SecuritySettings } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { LeaveGuard } from '@/ui/leave-guard'
import { Panel } from '@/ui/panel'
import { SaveBar } from '@/ui/save-bar'
import { saveKey } from '@/ui/save-key'
import { SelectField } from '@/ui/select-field'
import { SwitchField } from '@/ui/switch-field'
import { useSetSecurity } from './api/security-settings'
import { showFieldErrors } from './field-errors'
import { FormProblem } from './form-problem'

const security = z.object({
  require_2fa: z.boolean(),
  email_codes: z.boolean(),
  new_device_codes: z.boolean(),
  // A <select> speaks text.
  password_max_age_days: z.string(),
})

const ages = [30, 60, 90, 180, 365]

type Props = { settings: SecuritySettings; version: string }

export function SecuritySettingsForm({ settings, version }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const set = useSetSecurity()
  const { register, handleSubmit, setError, reset, formState } = useForm({
    resolver: zodResolver(security),
    values: { ...settings, password_max_age_days: String(settings.password_max_age_days) },
  })
  const problem = asProblem(set.error)
  const { errors, isDirty } = formState
  const submit = handleSubmit((body) =>
    set.mutate(
      { settings: { ...body, password_max_age_days: Number(body.password_max_age_days) }, version },
      { onError: (error) => showFieldErrors(asProblem(error), ['require_2fa'], setError) },
    ),
  )
  const current = settings.password_max_age_days
  const offered = current === 0 || ages.includes(current) ? ages : [...ages, current].toSorted((a, b) => a - b)
  return (
    <form onSubmit={submit} onKeyDown={saveKey} noValidate className="flex flex-col gap-5">
      {problem && problem.fields.length === 0 && <FormProblem problem={problem} wait={0} />}
      <Panel title={t('factor.title')}>
        <SwitchField
          label={t('security.require_2fa')}
          hint={t('security.require_2fa_hint')}
          error={errors.require_2fa && t('security.require_2fa_refused')}
          {...register('require_2fa')}
        />
        <SwitchField
          label={t('security.email_codes')}
          hint={t('security.email_codes_hint')}
          {...register('email_codes')}
        />
      </Panel>
      <Panel title={t('security.devices')}>
        <SwitchField
          label={t('security.new_device_codes')}
          hint={t('security.new_device_codes_hint')}
          {...register('new_device_codes')}
        />
      </Panel>
      <Panel title={t('security.passwords')}>
        <SelectField
          label={t('security.password_age')}
          hint={t('security.password_age_hint')}
          className="max-w-80"
          {...register('password_max_age_days')}
        >
          <option value="0">{t('security.never')}</option>
          {offered.map((days) => (
            <option key={days} value={days}>
              {t('security.after', { days: format.number(days) })}
            </option>
          ))}
        </SelectField>
      </Panel>
      <SaveBar dirty={isDirty} busy={set.isPending} saved={set.isSuccess} onDiscard={() => reset()} />
      <LeaveGuard dirty={isDirty} />
    </form>
  )
}
