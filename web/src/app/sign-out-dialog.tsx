import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  unsent: number
  busy: boolean
  onSignOut: () => void
}

/** Asked only when signing out would lose what somebody wrote. */
export function SignOutDialog({ open, onOpenChange, unsent, busy, onSignOut }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('shell.sign_out_unsent', { count: unsent })}
      description={t('shell.sign_out_unsent_body')}
    >
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>{t('shell.stay')}</Button>
        <Button look="danger" busy={busy} onClick={onSignOut}>
          {t('shell.sign_out_anyway')}
        </Button>
      </div>
    </Dialog>
  )
}
