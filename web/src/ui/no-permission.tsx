import { LockKeyhole } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './empty-state'
import { usePermissionWords } from './permission-words'

/** Owners keep these to themselves. */
const ownersAlone = ['billing.manage', 'tenant.delete']

/** No role of a workspace has these. */
const platform = /^platform\./

function grantedBy(permission: string) {
  if (platform.test(permission)) return 'error.no_permission_platform'
  return ownersAlone.includes(permission) ? 'error.no_permission_owner' : 'error.no_permission_named'
}

/** A page the caller's role does not open: which permission is missing, what it is, and who grants it. */
export function NoPermission({ permission }: { permission: string }) {
  const { t } = useTranslation()
  const words = usePermissionWords()
  return (
    <main className="flex flex-1 items-center justify-center">
      <EmptyState icon={LockKeyhole} titleAs="h1" title={t('error.no_permission_title')}>
        <p>{t(grantedBy(permission), { permission })}</p>
        {!platform.test(permission) && (
          <p className="mt-2 text-compact">{t('error.no_permission_means', { words: words(permission) })}</p>
        )}
      </EmptyState>
    </main>
  )
}
