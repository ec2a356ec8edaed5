import { CirclePause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/empty-state'
import { PageFrame } from './page-frame'

export function SuspendedPage() {
  const { t } = useTranslation()
  return (
    <PageFrame>
      <EmptyState icon={CirclePause} titleAs="h1" title={t('shell.suspended_title')}>
        {t('shell.suspended_body')}
      </EmptyState>
    </PageFrame>
  )
}
