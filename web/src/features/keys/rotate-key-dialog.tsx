import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { ApiKey, NewKey } from '@/api/types'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Refusal } from '@/ui/refusal'
import { SelectField } from '@/ui/select-field'
import { useRotateKey } from './api/rotate-key'

const overlaps = [0, 1, 24, 72, 168, 720]

type Props = { apiKey: ApiKey; onClose: () => void; onMade: (made: NewKey) => void }

/** Another secret for the same key, while the old one may go on for a while. */
export function RotateKeyDialog({ apiKey: key, onClose, onMade }: Props) {
  const { t } = useTranslation()
  const rotate = useRotateKey()
  const [hours, setHours] = useState(24)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('api_key.rotate_title', { name: key.name })}
      description={t('api_key.rotate_lead')}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          rotate.mutate({ id: key.id, overlap_hours: hours }, { onSuccess: onMade })
        }}
      >
        <SelectField
          label={t('api_key.overlap')}
          hint={hours === 0 ? t('api_key.overlap_none_hint') : t('api_key.overlap_hint')}
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
        >
          {overlaps.map((item) => (
            <option key={item} value={item}>
              {item === 0
                ? t('api_key.overlap_none')
                : item % 24 === 0
                  ? t('api_key.days', { count: item / 24 })
                  : t('api_key.hours', { count: item })}
            </option>
          ))}
        </SelectField>
        <Refusal problem={asProblem(rotate.error)} own={{ permission_denied: t('api_key.holds_too_little') }} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" look="primary" busy={rotate.isPending}>
            {t('api_key.rotate_do')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
