import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/api/session'
import { tokenSearch } from '@/app/leave'
import { pageLink } from '@/app/page-frame'
import { AuthPage } from '@/features/access/auth-page'
import { ResendVerification } from '@/features/access/resend-verification'
import { VerifyEmailForm } from '@/features/access/verify-email-form'

export const Route = createFileRoute('/verify-email')({ validateSearch: tokenSearch, component: VerifyEmailPage })

function VerifyEmailPage() {
  const { t } = useTranslation()
  const { token } = useSearch({ from: '/verify-email' })
  const signedIn = useQuery(meQuery).isSuccess
  return (
    <AuthPage title={t('auth.verify_title')} lead={t('auth.verify_lead')}>
      <VerifyEmailForm
        token={token ?? ''}
        onwards={
          <Link to="/" className={pageLink}>
            {t('auth.go_on')}
          </Link>
        }
        another={
          signedIn ? (
            <ResendVerification />
          ) : (
            <Link to="/login" search={{ redirect: '/account/profile' }} className={pageLink}>
              {t('auth.sign_in')}
            </Link>
          )
        }
      />
    </AuthPage>
  )
}
