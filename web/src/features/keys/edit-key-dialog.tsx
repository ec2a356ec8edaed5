import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { ApiKey } from '@/api/types'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Refusal } from '@/ui/refusal'
import { useUpdateKey } from './api/update-key'
import { KeyFields, type KeyValues, useFieldWords } from './key-fields'
import { dayOf, endOfDay, networksOf } from './keys.model'

type Props = { apiKey: ApiKey; onClose: () => void }

/** Changes what a key is called, how long it works and from where; what it may do never changes. */
export function EditKeyDialog({ apiKey: key, onClose }: Props) {
  const { t } = useTranslation()
  const update = useUpdateKey()
  const before = { name: key.name, day: dayOf(key.expires_at), networks: key.ip_allow.join(', ') }
  const [values, setValues] = useState<KeyValues>(before)
  const problem = asProblem(update.error)
  const { fieldWords, unnamed } = useFieldWords(problem)
  const nameMissing = values.name.trim() === ''
  const handleSubmit = () =>
    update.mutate(
      {
        id: key.id,
        name: values.name.trim(),
        // A day that was not touched keeps its hour.
        expires_at: values.day === before.day ? key.expires_at : endOfDay(values.day),
        ip_allow: networksOf(values.networks),
      },
      { onSuccess: onClose },
    )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('api_key.edit_title', { name: key.name })}
      description={t('api_key.edit_lead')}
    >
      <form
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (!nameMissing) handleSubmit()
        }}
      >
        <KeyFields
          values={values}
          onChange={setValues}
          errors={{ ...fieldWords, ...(nameMissing ? { name: t('api_key.name_missing') } : {}) }}
        />
        <Refusal problem={unnamed} own={{ permission_denied: t('api_key.holds_too_little') }} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" look="primary" busy={update.isPending}>
            {t('form.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
