import { useTranslation } from 'react-i18next'
import { Button } from './button'

type Props = { dirty: boolean; busy: boolean; saved: boolean; onDiscard: () => void }

/** The end of a form that changes something: what is unsaved, and the two ways out of it. */
export function SaveBar({ dirty, busy, saved, onDiscard }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button type="submit" look="primary" busy={busy} disabled={!dirty}>
        {t('form.save')}
      </Button>
      {dirty && (
        <Button look="ghost" onClick={onDiscard}>
          {t('form.discard')}
        </Button>
      )}
      <p role="status" className="text-compact text-ink-2">
        {dirty ? t('form.unsaved') : saved ? t('form.saved') : ''}
      </p>
    </div>
  )
}
