import { Link } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/empty-state'
import { PageFrame, pageLink } from './page-frame'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <PageFrame>
      <EmptyState
        icon={SearchX}
        titleAs="h1"
        title={t('error.page_not_found_title')}
        action={
          <Link to="/" className={pageLink}>
            {t('error.to_start')}
          </Link>
        }
      >
        {t('error.page_not_found_body')}
      </EmptyState>
    </PageFrame>
  )
}
