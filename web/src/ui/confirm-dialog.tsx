import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import { Button } from './button'
import { Dialog } from './dialog'
import { type OwnWords, Refusal } from './refusal'

type Props = {
  title: string
  lead: string
  action: string
  problem: Problem | null
  own?: OwnWords
  busy: boolean
  /** Why it cannot be confirmed yet, or at all. */
  blocked?: boolean
  onConfirm: () => void
  onClose: () => void
  children?: ReactNode
}

/** Asks before what cannot be undone, and says why it was not done. */
export function ConfirmDialog(props: Props) {
  const { title, lead, action, problem, own = {}, busy, blocked = false, onConfirm, onClose, children } = props
  const { t } = useTranslation()
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={lead}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!blocked) onConfirm()
        }}
      >
        {children}
        <Refusal problem={problem} own={own} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" look="danger" busy={busy} disabled={blocked}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
