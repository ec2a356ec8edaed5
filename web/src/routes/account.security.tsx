import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/api/session'
import { loginsQuery } from '@/features/access/api/list-logins'
import { FactorPanel } from '@/features/access/factor-panel'
import { LoginsPanel } from '@/features/access/logins-panel'
import { PasswordPanel } from '@/features/access/password-panel'
import { PageMain } from '@/ui/page-main'

export const Route = createFileRoute('/account/security')({
  loader: ({ context }) => {
    void context.queries.prefetchQuery(loginsQuery)
  },
  component: SecurityPage,
})

function SecurityPage() {
  const { t } = useTranslation()
  const { user } = useSuspenseQuery(meQuery).data
  return (
    <PageMain title={t('account.security')}>
      <PasswordPanel email={user.email} />
      <FactorPanel user={user} />
      <LoginsPanel />
    </PageMain>
  )
}
