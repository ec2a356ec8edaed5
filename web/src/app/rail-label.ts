import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'

/** What the rail calls an item: the workspace's word in the page's language, else ours. */
export function useRailLabel(item: 'inbox' | 'settings'): string {
  const { t, i18n } = useTranslation()
  const own = useSession().appearance.labels[i18n.language]?.[item]
  return own ?? (item === 'inbox' ? t('shell.inbox') : t('settings.title'))
}
