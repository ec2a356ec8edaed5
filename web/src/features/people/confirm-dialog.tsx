import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Refusal } from './refusal'

type Props = {
  title: string
  lead: string
  action: string
  problem: Problem | null
  busy: boolean
  onConfirm: () => void
  onClose: () => void
  children?: ReactNode
}

/** Asks before what cannot be undone, and says why it was not done. */
export function ConfirmDialog({ title, lead, action, problem, busy, onConfirm, onClose, children }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={lead}>
      <div className="flex flex-col gap-4">
        {children}
        <Refusal problem={problem} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button look="danger" busy={busy} onClick={onConfirm}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
