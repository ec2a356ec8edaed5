import { LockKeyhole } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './empty-state'
import { usePermissionWords } from './permission-words'

/** Owners keep these to themselves. */
const ownersAlone = ['billing.manage', 'tenant.delete']

/** A page the caller's role does not open: which permission is missing, what it is, and who grants it. */
export function NoPermission({ permission }: { permission: string }) {
  const { t } = useTranslation()
  const words = usePermissionWords()
  return (
    <main className="flex flex-1 items-center justify-center">
      <EmptyState icon={LockKeyhole} titleAs="h1" title={t('error.no_permission_title')}>
        <p>
          {ownersAlone.includes(permission)
            ? t('error.no_permission_owner', { permission })
            : t('error.no_permission_named', { permission })}
        </p>
        <p className="mt-2 text-compact">{t('error.no_permission_means', { words: words(permission) })}</p>
      </EmptyState>
    </main>
  )
}
