import { ArrowLeftRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { goToWorkspace } from './leave'
import { PageFrame } from './page-frame'

/** Another tab turned the session to another workspace; this one must not go on under the wrong one. */
export function ElsewherePage({ here, there }: { here: { slug: string; name: string }; there: string }) {
  const { t } = useTranslation()
  return (
    <PageFrame>
      <EmptyState
        icon={ArrowLeftRight}
        titleAs="h1"
        title={t('shell.elsewhere_title')}
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button look="primary" onClick={() => goToWorkspace(there)}>
              {t('shell.elsewhere_follow')}
            </Button>
            <Button onClick={() => goToWorkspace(here.slug)}>{t('shell.elsewhere_back', { name: here.name })}</Button>
          </div>
        }
      >
        {t('shell.elsewhere_body')}
      </EmptyState>
    </PageFrame>
  )
}
