import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Me } from '@/api/types'
import { Chip } from '@/ui/chip'
import { Panel } from '@/ui/panel'
import { ResendVerification } from './resend-verification'

/** The address of the account, and whether its person has shown that they read it. */
export function EmailPanel({ user }: { user: Me['user'] }) {
  const { t } = useTranslation()
  return (
    <Panel
      title={t('auth.email')}
      lead={user.email_verified ? t('account.email_lead') : t('account.email_unverified')}
      badge={
        user.email_verified ? (
          <Chip look="ok" icon={CircleCheck}>
            {t('account.confirmed')}
          </Chip>
        ) : (
          <Chip look="warn" icon={CircleAlert}>
            {t('account.unconfirmed')}
          </Chip>
        )
      }
      actions={!user.email_verified && <ResendVerification />}
    >
      <p dir="ltr" className="break-all text-start font-medium">
        {user.email}
      </p>
    </Panel>
  )
}
