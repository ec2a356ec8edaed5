import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { CurrentTenant } from '@/api/types'
import { intlLocale } from '@/i18n/language'
import { Field } from '@/ui/field'
import { LeaveGuard } from '@/ui/leave-guard'
import { Panel } from '@/ui/panel'
import { SaveBar } from '@/ui/save-bar'
import { saveKey } from '@/ui/save-key'
import { SelectField } from '@/ui/select-field'
import { showFieldErrors } from '../field-errors'
import { FormProblem } from '../form-problem'
import { zonesWith } from '../zones.model'
import { useUpdateTenant } from './api/tenant'
import { languagesWith } from './languages.model'

type Values = Pick<CurrentTenant, 'name' | 'slug' | 'timezone' | 'languages'> & { first: string }

const address = /^[a-z0-9]+(-[a-z0-9]+)*$/

type Props = { tenant: CurrentTenant; onMoved: (slug: string) => void }

/** What the workspace is called, where it is, and which languages it speaks with customers. */
export function WorkspaceForm({ tenant, onMoved }: Props) {
  const { t, i18n } = useTranslation()
  const update = useUpdateTenant()
  const { name, slug, timezone, languages } = tenant
  const { register, handleSubmit, setError, reset, watch, formState } = useForm<Values>({
    values: { name, slug, timezone, languages: languages.toSorted(), first: languages[0] ?? 'en' },
  })
  const problem = asProblem(update.error)
  const { errors, isDirty } = formState
  const spoken = watch('languages')
  const submit = handleSubmit(({ first, ...body }) =>
    update.mutate(
      { ...body, languages: [...body.languages].toSorted((a, b) => Number(b === first) - Number(a === first)) },
      {
        onSuccess: (now) => {
          if (now.slug !== slug) onMoved(now.slug)
        },
        onError: (error) => showFieldErrors(asProblem(error), ['name', 'slug', 'timezone', 'languages'], setError),
      },
    ),
  )
  const names = new Intl.DisplayNames([intlLocale(i18n.language)], { type: 'language' })
  return (
    <form onSubmit={submit} onKeyDown={saveKey} noValidate className="flex flex-col gap-5">
      {problem && problem.fields.length === 0 && <FormProblem problem={problem} wait={0} />}
      <Panel title={t('workspace.about')}>
        <Field
          label={t('workspace.name')}
          autoComplete="organization"
          maxLength={80}
          error={errors.name && (errors.name.message || t('auth.invalid.workspace'))}
          {...register('name', { validate: (value) => value.trim() !== '' })}
        />
        <div className="grid gap-4 list:grid-cols-2">
          <Field
            label={t('workspace.slug')}
            hint={watch('slug') === slug ? t('workspace.slug_hint') : t('workspace.slug_moves')}
            dir="ltr"
            autoComplete="off"
            spellCheck={false}
            maxLength={40}
            error={
              errors.slug &&
              (errors.slug.type === 'already_exists' ? t('workspace.slug_taken') : t('workspace.slug_invalid'))
            }
            {...register('slug', { setValueAs: (value: string) => value.trim().toLowerCase(), pattern: address })}
          />
          <SelectField label={t('account.zone')} hint={t('workspace.zone_hint')} dir="ltr" {...register('timezone')}>
            {zonesWith(timezone).map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll('_', ' ')}
              </option>
            ))}
          </SelectField>
        </div>
      </Panel>
      <Panel title={t('workspace.languages')} lead={t('workspace.languages_lead')}>
        <fieldset className="grid grid-cols-2 gap-x-4 gap-y-2 list:grid-cols-3 desk:grid-cols-4">
          <legend className="sr-only">{t('workspace.languages')}</legend>
          {languagesWith(languages).map((tag) => (
            <label key={tag} className="flex min-h-8 items-center gap-2 max-list:min-h-11">
              <input
                type="checkbox"
                value={tag}
                className="size-4 shrink-0 accent-accent max-list:size-6"
                {...register('languages', { validate: (list) => list.length > 0 })}
              />
              {names.of(tag) ?? tag}
            </label>
          ))}
        </fieldset>
        {errors.languages && <p className="text-danger text-meta">{t('workspace.languages_invalid')}</p>}
        <SelectField label={t('workspace.first_language')} className="max-w-80" {...register('first')}>
          {spoken.map((tag) => (
            <option key={tag} value={tag}>
              {names.of(tag) ?? tag}
            </option>
          ))}
        </SelectField>
      </Panel>
      <SaveBar dirty={isDirty} busy={update.isPending} saved={update.isSuccess} onDiscard={() => reset()} />
      <LeaveGuard dirty={isDirty && !update.isSuccess} />
    </form>
  )
}
