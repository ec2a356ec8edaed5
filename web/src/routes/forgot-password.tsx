import { createFileRoute, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { textLink } from '@/app/page-frame'
import { AuthPage } from '@/features/access/auth-page'
import { ForgotPasswordForm } from '@/features/access/forgot-password-form'

export const Route = createFileRoute('/forgot-password')({ component: ForgotPasswordPage })

function ForgotPasswordPage() {
  const { t } = useTranslation()
  return (
    <AuthPage
      title={t('auth.forgot_title')}
      lead={t('auth.forgot_lead')}
      footer={
        <Link to="/login" className={textLink}>
          {t('auth.back_to_sign_in')}
        </Link>
      }
    >
      <ForgotPasswordForm />
    </AuthPage>
  )
}
