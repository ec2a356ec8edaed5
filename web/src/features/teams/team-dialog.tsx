import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { asProblem } from '@/api/problem'
import type { Team } from '@/api/types'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Field } from '@/ui/field'
import { Refusal } from '@/ui/refusal'
import { SelectField } from '@/ui/select-field'
import { useSaveTeam } from './api/save-team'

const fields = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  timezone: z.string(),
})

type Props = { team?: Team; onClose: () => void; onSaved: (team: Team) => void }

/** Makes a team, or changes what one is called and where its day begins. */
export function TeamDialog({ team, onClose, onSaved }: Props) {
  const { t } = useTranslation()
  const save = useSaveTeam(team)
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(fields),
    defaultValues: {
      name: team?.name ?? '',
      timezone: team?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
  })
  const problem = asProblem(save.error)
  const taken = problem?.fields.some(({ field }) => field === 'name') ?? false
  const submit = handleSubmit((body) =>
    save.mutate(body, {
      onSuccess: (saved) => {
        onSaved(saved)
        onClose()
      },
      onError: (error) => {
        if (asProblem(error)?.code === 'already_exists') setError('name', { type: 'taken' })
      },
    }),
  )
  const { timezone } = formState.defaultValues ?? {}
  const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), timezone ?? 'UTC'])].toSorted()
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={team ? t('team.edit_title') : t('team.create_title')}
      {...(team ? {} : { description: t('team.create_lead') })}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={t('team.name')}
          maxLength={80}
          autoComplete="off"
          error={
            formState.errors.name && (formState.errors.name.type === 'taken' ? t('team.taken') : t('team.name_missing'))
          }
          {...register('name')}
        />
        <SelectField label={t('account.zone')} hint={t('team.zone_hint')} {...register('timezone')}>
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </SelectField>
        {!taken && <Refusal problem={problem} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>
            {team ? t('form.save') : t('team.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
