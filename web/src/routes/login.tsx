import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionKeys } from '@/api/keys'
import { configQuery } from '@/api/session'
import type { Session } from '@/api/types'
import { returnSearch, safeReturn } from '@/app/leave'
import { textLink } from '@/app/page-frame'
import { useMailCode } from '@/features/access/api/mail-code'
import { AuthPage } from '@/features/access/auth-page'
import { CodeForm } from '@/features/access/code-form'
import type { Challenge } from '@/features/access/sign-in.model'
import { SignInForm } from '@/features/access/sign-in-form'

export const Route = createFileRoute('/login')({ validateSearch: returnSearch, component: LoginPage })

function LoginPage() {
  const { t } = useTranslation()
  const { queries } = Route.useRouteContext()
  const { redirect } = useSearch({ from: '/login' })
  const router = useRouter()
  const signupEnabled = useQuery(configQuery).data?.signup_enabled ?? false
  const mailing = useMailCode()
  const [email, setEmail] = useState('')
  const [challenge, setChallenge] = useState<Challenge | null>(null)

  const handleSignedIn = (session: Session) => {
    queries.removeQueries({ queryKey: sessionKeys.me })
    const next = safeReturn(redirect)
    if (session.mfa_setup_required) void router.navigate({ to: '/setup-2fa', search: next ? { redirect: next } : {} })
    else router.history.push(next ?? '/')
  }
  const handleChallenge = (asked: Challenge) => {
    setEmail(asked.email)
    setChallenge(asked)
    mailing.reset()
    if (asked.methods[0] === 'email') mailing.mutate({ email: asked.email, password: asked.password })
  }
  if (challenge) {
    return (
      <AuthPage title={t('auth.code.title')}>
        <CodeForm
          challenge={challenge}
          mailing={mailing}
          onSignedIn={handleSignedIn}
          onBack={() => setChallenge(null)}
        />
      </AuthPage>
    )
  }
  return (
    <AuthPage
      title={t('auth.sign_in_title')}
      footer={
        signupEnabled && (
          <Link to="/signup" className={textLink}>
            {t('auth.to_sign_up')}
          </Link>
        )
      }
    >
      <SignInForm
        email={email}
        onSignedIn={handleSignedIn}
        onChallenge={handleChallenge}
        forgot={
          <Link to="/forgot-password" className={textLink}>
            {t('auth.to_forgot')}
          </Link>
        }
      />
    </AuthPage>
  )
}
