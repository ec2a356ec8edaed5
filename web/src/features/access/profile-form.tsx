import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { Me } from '@/api/types'
import { useUpdateMe } from '@/api/update-me'
import { chooseLanguage } from '@/i18n/i18n'
import { isLanguage, languageNames, languages } from '@/i18n/language'
import { Field } from '@/ui/field'
import { LeaveGuard } from '@/ui/leave-guard'
import { SaveBar } from '@/ui/save-bar'
import { saveKey } from '@/ui/save-key'
import { SelectField } from '@/ui/select-field'
import { serverWords, showFieldErrors } from './field-errors'
import { FormProblem } from './form-problem'
import { zonesWith } from './zones.model'

const profile = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  locale: z.string(),
  timezone: z.string(),
})

/** Name, language and time zone, the same in all workspaces of the person. */
export function ProfileForm({ user }: { user: Me['user'] }) {
  const { t } = useTranslation()
  const update = useUpdateMe()
  const { register, handleSubmit, setError, reset, formState } = useForm({
    resolver: zodResolver(profile),
    values: { name: user.name, locale: user.locale, timezone: user.timezone },
  })
  const problem = asProblem(update.error)
  const { errors, isDirty } = formState
  const submit = handleSubmit((body) =>
    update.mutate(body, {
      onSuccess: (me) => {
        reset({ name: me.user.name, locale: me.user.locale, timezone: me.user.timezone })
        if (isLanguage(me.user.locale)) void chooseLanguage(me.user.locale)
      },
      onError: (error) => showFieldErrors(asProblem(error), ['name', 'locale', 'timezone'], setError),
    }),
  )
  return (
    <form onSubmit={submit} onKeyDown={saveKey} noValidate className="flex flex-col gap-4">
      {problem && problem.fields.length === 0 && <FormProblem problem={problem} wait={0} />}
      <Field
        label={t('auth.name')}
        autoComplete="name"
        maxLength={80}
        error={errors.name && (serverWords(errors.name) ?? t('auth.invalid.name'))}
        {...register('name')}
      />
      <div className="grid gap-4 list:grid-cols-2">
        <SelectField label={t('shell.language')} {...register('locale')}>
          {!isLanguage(user.locale) && <option value={user.locale}>{user.locale}</option>}
          {languages.map((item) => (
            <option key={item} value={item} lang={item}>
              {languageNames[item]}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('account.zone')} hint={t('account.zone_hint')} dir="ltr" {...register('timezone')}>
          {zonesWith(user.timezone).map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </SelectField>
      </div>
      <SaveBar dirty={isDirty} busy={update.isPending} saved={update.isSuccess} onDiscard={() => reset()} />
      <LeaveGuard dirty={isDirty} />
    </form>
  )
}
