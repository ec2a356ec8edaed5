import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionKeys } from '@/api/keys'
import { configQuery } from '@/api/session'
import { pageLink, textLink } from '@/app/page-frame'
import { AuthPage } from '@/features/access/auth-page'
import { MailSent } from '@/features/access/mail-sent'
import { ResendVerification } from '@/features/access/resend-verification'
import { SignUpForm } from '@/features/access/sign-up-form'
import { isolate } from '@/i18n/isolate'

export const Route = createFileRoute('/signup')({
  loader: ({ context }) => context.queries.ensureQueryData(configQuery),
  component: SignUpPage,
})

function SignUpPage() {
  const { t } = useTranslation()
  const { queries } = Route.useRouteContext()
  const { data: config } = useSuspenseQuery(configQuery)
  const [done, setDone] = useState<{ email: string; at: number } | null>(null)
  const toSignIn = (
    <Link to="/login" className={textLink}>
      {t('auth.to_sign_in')}
    </Link>
  )
  if (done) {
    return (
      <AuthPage title={t('auth.sign_up_done_title')}>
        <MailSent words={t('auth.sign_up_sent', { email: isolate(done.email) })}>
          <Link to="/" className={pageLink}>
            {t('auth.go_to_workspace')}
          </Link>
          <ResendVerification sentAt={done.at} />
        </MailSent>
      </AuthPage>
    )
  }
  if (!config.signup_enabled) {
    return (
      <AuthPage title={t('auth.sign_up_closed_title')} lead={t('auth.sign_up_closed_body')}>
        {toSignIn}
      </AuthPage>
    )
  }
  return (
    <AuthPage title={t('auth.sign_up_title')} lead={t('auth.sign_up_lead')} footer={toSignIn}>
      <SignUpForm
        onSignedIn={({ user }) => {
          queries.removeQueries({ queryKey: sessionKeys.me })
          setDone({ email: user.email, at: Date.now() })
        }}
      />
    </AuthPage>
  )
}
