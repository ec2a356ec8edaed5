import { createFileRoute, useRouter, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { returnSearch, safeReturn } from '@/app/leave'
import { requireSession } from '@/app/require-session'
import { AuthPage } from '@/features/access/auth-page'
import { ChangePasswordForm } from '@/features/access/change-password-form'
import { SignOutButton } from '@/features/access/sign-out-button'

/** What a person whose password is too old for their workspace is sent to. */
export const Route = createFileRoute('/change-password')({
  validateSearch: returnSearch,
  beforeLoad: ({ context, location }) => requireSession(context.queries, location.href),
  component: ChangePasswordPage,
})

function ChangePasswordPage() {
  const { t } = useTranslation()
  const { me } = Route.useRouteContext()
  const { redirect } = useSearch({ from: '/change-password' })
  const router = useRouter()
  return (
    <AuthPage
      title={t('auth.change_title')}
      lead={t('auth.change_lead')}
      footer={<SignOutButton onSignedOut={() => router.history.push('/login')} />}
    >
      <ChangePasswordForm email={me.user.email} onChanged={() => router.history.push(safeReturn(redirect) ?? '/')} />
    </AuthPage>
  )
}
