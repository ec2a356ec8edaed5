import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { NavigationLabel } from '@/api/types'

/** What the rail calls an item: the workspace's word in the page's language, else ours. */
export function useRailLabel(item: NavigationLabel['item']): string {
  const { t, i18n } = useTranslation()
  const own = useSession().appearance.labels[i18n.language]?.[item]
  return own ?? t(`rail.${item}`)
}
