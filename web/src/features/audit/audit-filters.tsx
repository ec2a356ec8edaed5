import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Field } from '@/ui/field'
import { SelectField } from '@/ui/select-field'
import { type AuditFilter, acts, filterNames, objects } from './audit.model'

type Props = {
  filter: AuditFilter
  people: { id: string; name: string }[]
  onChange: (filter: AuditFilter) => void
}

/** Person, action, object and days; what is chosen stands in the address bar. */
export function AuditFilters({ filter, people, onChange }: Props) {
  const { t } = useTranslation()
  const set = (name: keyof AuditFilter) => (event: { target: { value: string } }) => {
    const { [name]: _, ...rest } = filter
    onChange(event.target.value ? { ...rest, [name]: event.target.value } : rest)
  }
  const unlisted = filter.actor && !people.some((person) => person.id === filter.actor)
  return (
    <form
      aria-label={t('audit.entries')}
      className="grid grid-cols-5 items-end gap-3 max-desk:grid-cols-2"
      onSubmit={(event) => event.preventDefault()}
    >
      {(people.length > 0 || unlisted) && (
        <SelectField label={t('audit.person')} value={filter.actor ?? ''} onChange={set('actor')}>
          <option value="">{t('audit.everybody')}</option>
          {unlisted && <option value={filter.actor}>{t('audit.one_person')}</option>}
          {people.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
            </option>
          ))}
        </SelectField>
      )}
      <SelectField label={t('audit.what')} value={filter.action ?? ''} onChange={set('action')}>
        <option value="">{t('audit.every_action')}</option>
        {objects.map((object) => (
          <optgroup key={object} label={t(`audit.object.${object}`)}>
            {acts
              .filter((act) => act.startsWith(`${object}.`))
              .map((act) => (
                <option key={act} value={act}>
                  {t(`audit.action.${act}`)}
                </option>
              ))}
          </optgroup>
        ))}
      </SelectField>
      <SelectField label={t('audit.about')} value={filter.object ?? ''} onChange={set('object')}>
        <option value="">{t('audit.everything')}</option>
        {objects.map((object) => (
          <option key={object} value={object}>
            {t(`audit.object.${object}`)}
          </option>
        ))}
      </SelectField>
      <Field label={t('audit.from')} type="date" max={filter.to} value={filter.from ?? ''} onChange={set('from')} />
      <Field label={t('audit.to')} type="date" min={filter.from} value={filter.to ?? ''} onChange={set('to')} />
      {filterNames.some((name) => filter[name]) && (
        <Button look="ghost" className="justify-self-start" onClick={() => onChange({})}>
          {t('audit.clear')}
        </Button>
      )}
    </form>
  )
}
