import { MessageSquareText, Settings, UsersRound } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { NavigationLabel } from '@/api/types'
import { languageNames, languages } from '@/i18n/language'
import { Field } from '@/ui/field'
import { LeaveGuard } from '@/ui/leave-guard'
import { Panel } from '@/ui/panel'
import { SaveBar } from '@/ui/save-bar'
import { saveKey } from '@/ui/save-key'
import { FormProblem } from '../form-problem'
import { useSetNavigation } from './api/navigation'

const items = [
  { item: 'inbox', icon: MessageSquareText },
  { item: 'team', icon: UsersRound },
  { item: 'settings', icon: Settings },
] as const

type Values = Record<NavigationLabel['item'], Record<(typeof languages)[number], string>>

const longest = 24

type Props = { labels: NavigationLabel[]; version: string }

/** The workspace's own words for the items of the rail, per language; nothing is the product's word. */
export function NavigationForm({ labels, version }: Props) {
  const { t, i18n } = useTranslation()
  const set = useSetNavigation()
  const { register, handleSubmit, setError, reset, watch, formState } = useForm<Values>({ values: valuesOf(labels) })
  const problem = asProblem(set.error)
  const { errors, isDirty } = formState
  const submit = handleSubmit((values) => {
    const body = labelsOf(values)
    set.mutate(
      { labels: body, version },
      {
        onError: (error) => {
          for (const { field, detail } of asProblem(error)?.fields ?? []) {
            const at = body[Number(field.split('.')[1])]
            if (at) setError(`${at.item}.${at.language}`, { message: detail })
          }
        },
      },
    )
  })
  const here = languages.find((language) => language === i18n.language) ?? 'en'
  return (
    <form onSubmit={submit} onKeyDown={saveKey} noValidate className="flex flex-col gap-5">
      {problem && problem.fields.length === 0 && <FormProblem problem={problem} wait={0} />}
      {items.map(({ item, icon: Icon }) => (
        <Panel
          key={item}
          title={t(`rail.${item}`)}
          actions={
            <span className="inline-flex h-9 max-w-60 items-center gap-2 rounded-input border border-line bg-canvas px-3">
              <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
              <span className="sr-only">{t('navigation.preview')}</span>
              <bdi className="truncate">{watch(`${item}.${here}`).trim() || t(`rail.${item}`)}</bdi>
            </span>
          }
        >
          <div className="grid gap-4 list:grid-cols-2">
            {languages.map((language) => (
              <Field
                key={language}
                label={languageNames[language]}
                lang={language}
                dir={language === 'ar' ? 'rtl' : 'ltr'}
                maxLength={longest}
                autoComplete="off"
                placeholder={language === here ? t(`rail.${item}`) : ''}
                error={errors[item]?.[language] && t('navigation.invalid')}
                {...register(`${item}.${language}`)}
              />
            ))}
          </div>
        </Panel>
      ))}
      <SaveBar dirty={isDirty} busy={set.isPending} saved={set.isSuccess} onDiscard={() => reset()} />
      <LeaveGuard dirty={isDirty} />
    </form>
  )
}

function valuesOf(labels: NavigationLabel[]): Values {
  const empty = { en: '', sw: '', fr: '', ar: '' }
  const values: Values = { inbox: { ...empty }, team: { ...empty }, settings: { ...empty } }
  for (const { item, language, label } of labels) values[item][language] = label
  return values
}

function labelsOf(values: Values): NavigationLabel[] {
  return items.flatMap(({ item }) =>
    languages
      .map((language) => ({ item, language, label: values[item][language].trim() }))
      .filter(({ label }) => label !== ''),
  )
}
