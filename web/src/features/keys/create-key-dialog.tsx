import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { NewKey } from '@/api/types'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Refusal } from '@/ui/refusal'
import { useCreateKey } from './api/create-key'
import { KeyFields, type KeyValues, useFieldWords } from './key-fields'
import { dayOf, endOfDay, hasScopes, type KeyKind, kinds, networksOf } from './keys.model'
import { ScopePicker } from './scope-picker'

const quarter = 90 * 24 * 60 * 60_000

type Props = { onClose: () => void; onMade: (made: NewKey) => void }

/** Makes a key: what it is for, what it may do, how long and from where. */
export function CreateKeyDialog({ onClose, onMade }: Props) {
  const { t } = useTranslation()
  const create = useCreateKey()
  const [kind, setKind] = useState<KeyKind>('server')
  const [scopes, setScopes] = useState<Partial<Record<KeyKind, string[]>>>({})
  const [values, setValues] = useState<KeyValues>(() => ({ name: '', day: dayOf(Date.now() + quarter), networks: '' }))
  const [tried, setTried] = useState(false)
  const chosen = scopes[kind] ?? []
  const problem = asProblem(create.error)
  const { fieldWords, unnamed } = useFieldWords(problem)
  const scopesMissing = hasScopes(kind) && chosen.length === 0
  const nameMissing = values.name.trim() === ''
  const handleSubmit = () => {
    setTried(true)
    if (scopesMissing || nameMissing) return
    create.mutate(
      {
        name: values.name.trim(),
        kind,
        ...(hasScopes(kind) ? { scopes: chosen } : {}),
        expires_at: endOfDay(values.day),
        ip_allow: networksOf(values.networks),
      },
      { onSuccess: onMade },
    )
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('api_key.create_title')}
      description={t('api_key.create_lead')}
    >
      <form
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          handleSubmit()
        }}
      >
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium text-compact">{t('api_key.kind_label')}</legend>
          {kinds.map((item) => (
            <label
              key={item}
              className="flex items-start gap-3 rounded-input border border-transparent px-3 py-2 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="kind"
                value={item}
                checked={kind === item}
                onChange={() => setKind(item)}
                className="mt-0.5 size-4 shrink-0 accent-accent"
              />
              <span>
                <span className="font-medium">{t(`api_key.kind.${item}`)}</span>
                <span className="block text-compact text-ink-2">{t(`api_key.kind_means.${item}`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <KeyFields
          values={values}
          onChange={setValues}
          errors={{ ...fieldWords, ...(tried && nameMissing ? { name: t('api_key.name_missing') } : {}) }}
        />
        {hasScopes(kind) && (
          <ScopePicker
            kind={kind}
            chosen={chosen}
            error={fieldWords.scopes ?? (tried && scopesMissing ? t('api_key.scopes_missing') : undefined)}
            onChange={(list) => setScopes({ ...scopes, [kind]: list })}
          />
        )}
        <Refusal problem={unnamed} own={{ permission_denied: t('api_key.holds_too_little') }} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            {t('api_key.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
