import { LockKeyhole } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './empty-state'

/** A page the caller's role does not open: which permission is missing, and who grants it. */
export function NoPermission({ permission }: { permission: string }) {
  const { t } = useTranslation()
  return (
    <main className="flex flex-1 items-center justify-center">
      <EmptyState icon={LockKeyhole} titleAs="h1" title={t('error.no_permission_title')}>
        {t('error.no_permission_named', { permission })}
      </EmptyState>
    </main>
  )
}
