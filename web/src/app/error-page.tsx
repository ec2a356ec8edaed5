import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { RefreshCw, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { NotFoundPage } from './not-found-page'
import { PageFrame } from './page-frame'

/** What a route shows when it could not be loaded or drawn. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  const handleRetry = () => {
    reset()
    void router.invalidate()
  }
  const problem = asProblem(error)
  if (problem?.status === 404) return <NotFoundPage />
  if (problem) {
    return (
      <PageFrame>
        <ErrorPanel problem={problem} what={t('error.page_failed')} onRetry={handleRetry} />
      </PageFrame>
    )
  }
  // A chunk of an older build is gone after a deployment; drafts and unsent messages are kept over the reload.
  const outdated = error instanceof Error && /dynamically imported module|module script failed/i.test(error.message)
  return (
    <PageFrame>
      <EmptyState
        icon={outdated ? RefreshCw : TriangleAlert}
        titleAs="h1"
        title={outdated ? t('error.new_version_title') : t('error.defect_title')}
        action={
          <Button look="primary" onClick={() => window.location.reload()}>
            {t('error.reload')}
          </Button>
        }
      >
        {outdated ? t('error.new_version_body') : t('error.defect_body')}
      </EmptyState>
    </PageFrame>
  )
}
