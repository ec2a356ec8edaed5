import { useSuspenseQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/api/session'
import type { Role } from '@/api/types'
import { usePermissionWords } from '@/ui/permission-words'
import { lackedFor } from './people.model'

/** Why the caller may not give or change what has these rights, in words; null when they may. */
export function useLackWords(): (rights: Pick<Role, 'permissions' | 'scopes'>) => string | null {
  const { t } = useTranslation()
  const { membership } = useSuspenseQuery(meQuery).data
  const words = usePermissionWords()
  return (rights) => {
    const lacked = lackedFor(membership, rights)
    if (!lacked) return null
    return lacked === 'rows' ? t('people.lacks_rows') : t('people.lacks', { words: words(lacked) })
  }
}
