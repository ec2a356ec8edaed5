import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { Dialog } from './dialog'

/** Asks before what somebody changed and did not save is lost. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation()
  const blocker = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: dirty, withResolver: true })
  if (blocker.status !== 'blocked') return null
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) blocker.reset()
      }}
      title={t('form.leave_title')}
      description={t('form.leave_lead')}
    >
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={blocker.reset}>{t('form.stay')}</Button>
        <Button look="danger" onClick={blocker.proceed}>
          {t('form.leave')}
        </Button>
      </div>
    </Dialog>
  )
}
