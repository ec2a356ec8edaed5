import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { sessionKeys } from '@/api/keys'
import { configQuery } from '@/api/session'
import { AuthPage } from '@/features/access/auth-page'
import { SignUpForm } from '@/features/access/sign-up-form'

export const Route = createFileRoute('/signup')({
  loader: ({ context }) => context.queries.ensureQueryData(configQuery),
  component: SignUpPage,
})

function SignUpPage() {
  const { t } = useTranslation()
  const { queries } = Route.useRouteContext()
  const router = useRouter()
  const { data: config } = useSuspenseQuery(configQuery)
  const toSignIn = (
    <Link to="/login" className="text-accent underline underline-offset-2">
      {t('auth.to_sign_in')}
    </Link>
  )
  if (!config.signup_enabled) {
    return (
      <AuthPage title={t('auth.sign_up_closed_title')} lead={t('auth.sign_up_closed_body')}>
        {toSignIn}
      </AuthPage>
    )
  }
  const handleSignedIn = () => {
    queries.removeQueries({ queryKey: sessionKeys.me })
    router.history.push('/')
  }
  return (
    <AuthPage title={t('auth.sign_up_title')} lead={t('auth.sign_up_lead')} footer={toSignIn}>
      <SignUpForm onSignedIn={handleSignedIn} />
    </AuthPage>
  )
}
