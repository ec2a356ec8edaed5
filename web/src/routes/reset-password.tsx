import { createFileRoute, Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { tokenSearch } from '@/app/leave'
import { pageLink } from '@/app/page-frame'
import { AuthPage } from '@/features/access/auth-page'
import { ResetPasswordForm } from '@/features/access/reset-password-form'

export const Route = createFileRoute('/reset-password')({ validateSearch: tokenSearch, component: ResetPasswordPage })

function ResetPasswordPage() {
  const { t } = useTranslation()
  const { token } = useSearch({ from: '/reset-password' })
  return (
    <AuthPage title={t('auth.reset_title')} lead={t('auth.reset_lead')}>
      <ResetPasswordForm
        token={token ?? ''}
        toSignIn={
          <Link to="/login" className={pageLink}>
            {t('auth.sign_in')}
          </Link>
        }
        toForgot={
          <Link to="/forgot-password" className={pageLink}>
            {t('auth.another_link')}
          </Link>
        }
      />
    </AuthPage>
  )
}
