import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { sessionKeys } from '@/api/keys'
import { configQuery } from '@/api/session'
import { safeReturn } from '@/app/leave'
import { AuthPage } from '@/features/access/auth-page'
import { SignInForm } from '@/features/access/sign-in-form'

export const Route = createFileRoute('/login')({
  validateSearch: (search): { redirect?: string } =>
    typeof search.redirect === 'string' ? { redirect: search.redirect } : {},
  component: LoginPage,
})

function LoginPage() {
  const { t } = useTranslation()
  const { queries } = Route.useRouteContext()
  const { redirect } = Route.useSearch()
  const router = useRouter()
  const signupEnabled = useQuery(configQuery).data?.signup_enabled ?? false
  const handleSignedIn = () => {
    queries.removeQueries({ queryKey: sessionKeys.me })
    router.history.push(safeReturn(redirect) ?? '/')
  }
  return (
    <AuthPage
      title={t('auth.sign_in_title')}
      footer={
        signupEnabled && (
          <Link to="/signup" className="text-accent underline underline-offset-2">
            {t('auth.to_sign_up')}
          </Link>
        )
      }
    >
      <SignInForm onSignedIn={handleSignedIn} />
    </AuthPage>
  )
}
