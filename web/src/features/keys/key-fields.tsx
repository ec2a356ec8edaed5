import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import { Field } from '@/ui/field'
import { dayOf } from './keys.model'

export type KeyValues = { name: string; day: string; networks: string }
type FieldName = 'name' | 'day' | 'networks' | 'scopes'
type FieldWords = Partial<Record<FieldName, string>>

type Props = { values: KeyValues; errors: FieldWords; onChange: (values: KeyValues) => void }

/** What can be changed of a key as long as it lives. */
export function KeyFields({ values, errors, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-4">
      <Field
        label={t('api_key.name')}
        hint={t('api_key.name_hint')}
        maxLength={80}
        autoComplete="off"
        value={values.name}
        error={errors.name}
        onChange={(event) => onChange({ ...values, name: event.target.value })}
      />
      <Field
        label={t('api_key.last_day')}
        hint={t('api_key.last_day_hint')}
        type="date"
        min={dayOf(Date.now())}
        value={values.day}
        error={errors.day}
        className="max-w-60"
        onChange={(event) => onChange({ ...values, day: event.target.value })}
      />
      <Field
        label={t('api_key.networks')}
        hint={t('api_key.networks_hint')}
        dir="ltr"
        autoComplete="off"
        spellCheck={false}
        value={values.networks}
        error={errors.networks}
        onChange={(event) => onChange({ ...values, networks: event.target.value })}
      />
    </div>
  )
}

/** What the server has against single fields in words, and the problem when it is about none of them. */
export function useFieldWords(problem: Problem | null): { fieldWords: FieldWords; unnamed: Problem | null } {
  const { t } = useTranslation()
  const fieldWords: FieldWords = {}
  for (const { field } of problem?.fields ?? []) {
    if (field === 'name') fieldWords.name = t('api_key.name_missing')
    if (field === 'expires_at') fieldWords.day = t('api_key.day_past')
    if (field === 'scopes') fieldWords.scopes = t('api_key.scopes_refused')
    if (field.startsWith('ip_allow')) fieldWords.networks = t('api_key.networks_refused')
  }
  return { fieldWords, unnamed: Object.keys(fieldWords).length > 0 ? null : problem }
}
