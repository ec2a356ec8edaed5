import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionKeys } from '@/api/keys'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Panel } from '@/ui/panel'
import { ChangePasswordForm } from './change-password-form'

export function PasswordPanel({ email }: { email: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const [changed, setChanged] = useState(false)
  const handleChanged = () => {
    setOpen(false)
    setChanged(true)
    announce(t('account.password_changed'))
    void queries.invalidateQueries({ queryKey: sessionKeys.logins })
  }
  return (
    <Panel
      title={t('auth.password')}
      lead={changed ? t('account.password_changed') : t('account.password_lead')}
      actions={<Button onClick={() => setOpen(true)}>{t('auth.change_password')}</Button>}
    >
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={t('auth.change_password')}
        description={t('account.password_lead')}
      >
        <ChangePasswordForm email={email} onChanged={handleChanged} />
      </Dialog>
    </Panel>
  )
}
