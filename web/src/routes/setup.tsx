import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createFileRoute, Link, useRouter, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { tokenSearch } from '@/app/leave'
import { pageLink } from '@/app/page-frame'
import { AuthPage } from '@/features/access/auth-page'
import { getSetupQuery } from '@/features/access/platform/api/get-setup'
import { CheckList } from '@/features/access/platform/check-list'
import { SetUpForm } from '@/features/access/platform/set-up-form'
import { Button } from '@/ui/button'
import { ErrorPanel } from '@/ui/error-panel'
import { Skeleton } from '@/ui/skeleton'

/** The first page of an installation: its machine, and its first platform admin. */
export const Route = createFileRoute('/setup')({ validateSearch: tokenSearch, component: SetupPage })

function SetupPage() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { token } = useSearch({ from: '/setup' })
  const router = useRouter()
  const setup = useQuery(getSetupQuery)
  const problem = asProblem(setup.error)
  if (problem && !setup.data) {
    return (
      <AuthPage title={t('setup.title')}>
        <ErrorPanel
          problem={problem}
          what={t('setup.failed')}
          onRetry={() => setup.refetch()}
          retrying={setup.isFetching}
        />
      </AuthPage>
    )
  }
  if (!setup.data) {
    return (
      <AuthPage title={t('setup.title')} lead={t('setup.lead')}>
        <Skeleton className="h-40" />
        <Skeleton className="h-72" />
      </AuthPage>
    )
  }
  const { needed, checks, settings } = setup.data
  if (!needed || !settings) {
    return (
      <AuthPage title={t('setup.done_title')} lead={t('setup.done_lead')}>
        <Link to="/login" className={`${pageLink} self-start`}>
          {t('auth.to_sign_in')}
        </Link>
      </AuthPage>
    )
  }
  const handleDone = () => {
    queries.clear()
    void router.navigate({ to: '/setup-2fa', search: { redirect: '/platform/settings' } })
  }
  return (
    <AuthPage title={t('setup.title')} lead={t('setup.lead')} footer={t('setup.next')}>
      <section aria-labelledby="machine" className="flex flex-col gap-3">
        <div className="flex items-center justify-between gap-3">
          <h2 id="machine" className="font-semibold text-panel">
            {t('setup.machine')}
          </h2>
          <Button size="compact" busy={setup.isFetching} onClick={() => setup.refetch()}>
            {t('setup.again')}
          </Button>
        </div>
        <CheckList checks={checks} />
      </section>
      <hr className="border-line" />
      {token ? (
        <section aria-labelledby="admin" className="flex flex-col gap-3">
          <h2 id="admin" className="font-semibold text-panel">
            {t('setup.admin')}
          </h2>
          <SetUpForm token={token} settings={settings} onDone={handleDone} />
        </section>
      ) : (
        <p role="status" className="rounded-control bg-warn-soft px-3 py-2 text-compact text-warn">
          {t('setup.no_link')}
        </p>
      )}
    </AuthPage>
  )
}
