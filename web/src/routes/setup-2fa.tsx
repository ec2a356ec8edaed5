import { createFileRoute, useRouter, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { sessionKeys } from '@/api/keys'
import { returnSearch, safeReturn } from '@/app/leave'
import { requireSession } from '@/app/require-session'
import { AuthPage } from '@/features/access/auth-page'
import { SignOutButton } from '@/features/access/sign-out-button'
import { TwoFactorSetUp } from '@/features/access/two-factor-set-up'

/** What a person is sent to whose workspace requires a second factor they do not have. */
export const Route = createFileRoute('/setup-2fa')({
  validateSearch: returnSearch,
  beforeLoad: ({ context, location }) => requireSession(context.queries, location.href),
  component: SetUpTwoFactorPage,
})

function SetUpTwoFactorPage() {
  const { t } = useTranslation()
  const { me, queries } = Route.useRouteContext()
  const { redirect } = useSearch({ from: '/setup-2fa' })
  const router = useRouter()
  const handleDone = () => {
    queries.removeQueries({ queryKey: sessionKeys.me })
    router.history.push(safeReturn(redirect) ?? '/')
  }
  return (
    <AuthPage
      title={t('factor.set_up_title')}
      lead={t('factor.required_lead')}
      footer={<SignOutButton onSignedOut={() => router.history.push('/login')} />}
    >
      <TwoFactorSetUp email={me.user.email} onDone={handleDone} />
    </AuthPage>
  )
}
