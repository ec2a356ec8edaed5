import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { PlatformSettings } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { LeaveGuard } from '@/ui/leave-guard'
import { Panel } from '@/ui/panel'
import { SaveBar } from '@/ui/save-bar'
import { saveKey } from '@/ui/save-key'
import { SwitchField } from '@/ui/switch-field'
import { showFieldErrors } from '../field-errors'
import { FormProblem } from '../form-problem'
import { useSetPlatform } from './api/platform-settings'
import { BaseUrlField } from './base-url-field'
import { ModeField } from './mode-field'

type Values = { mode: PlatformSettings['mode']; signup_open: boolean; base_url: string }

type Props = { settings: PlatformSettings; version: string }

/** Who may sign up, and where the installation is reached. */
export function PlatformForm({ settings, version }: Props) {
  const { t } = useTranslation()
  const set = useSetPlatform()
  const { register, handleSubmit, setError, reset, watch, formState } = useForm<Values>({
    values: { mode: settings.mode, signup_open: settings.signup_open, base_url: settings.base_url ?? '' },
  })
  const problem = asProblem(set.error)
  const { errors, isDirty } = formState
  const submit = handleSubmit((body) =>
    set.mutate(
      { body: { ...body, base_url: body.base_url || null }, version },
      { onError: (error) => showFieldErrors(asProblem(error), ['mode', 'base_url'], setError) },
    ),
  )
  const later = (settings.base_url ?? settings.base_url_now) !== settings.base_url_now
  return (
    <form onSubmit={submit} onKeyDown={saveKey} noValidate className="flex flex-col gap-5">
      {problem && problem.fields.length === 0 && <FormProblem problem={problem} wait={0} />}
      <Panel title={t('platform.who')}>
        <ModeField fixed={settings.fixed.includes('mode')} {...register('mode')} />
        <SwitchField
          label={t('platform.signup_open')}
          hint={t('platform.signup_open_hint')}
          {...register('signup_open')}
        />
      </Panel>
      <Panel title={t('platform.address')}>
        <BaseUrlField
          fixed={settings.fixed.includes('base_url')}
          value={watch('base_url') || settings.base_url_now}
          placeholder={settings.base_url_now}
          error={errors.base_url && t('platform.base_url_invalid')}
          {...register('base_url')}
        />
        {later && (
          <p role="status" className="text-compact text-ink-2">
            {t('platform.base_url_later', { now: isolate(settings.base_url_now) })}
          </p>
        )}
      </Panel>
      <SaveBar dirty={isDirty} busy={set.isPending} saved={set.isSuccess} onDiscard={() => reset()} />
      <LeaveGuard dirty={isDirty} />
    </form>
  )
}
