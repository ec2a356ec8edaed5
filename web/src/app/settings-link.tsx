import { Link } from '@tanstack/react-router'
import { Settings } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { Tooltip } from '@/ui/tooltip'
import { settingsPages } from './settings-pages'

/** The workspace's settings, for who may use any of them. */
export function SettingsLink() {
  const { t } = useTranslation()
  const { tenant, may } = useSession()
  if (!settingsPages.some((page) => may(page.permission))) return null
  return (
    <Tooltip label={t('settings.title')} side="after">
      <Link
        to="/t/$slug/settings"
        params={{ slug: tenant.slug }}
        aria-label={t('settings.title')}
        activeProps={{ className: 'bg-surface text-accent shadow-edge bar-start max-list:before:hidden' }}
        inactiveProps={{ className: 'text-ink-2 hover:bg-raised' }}
        className="relative inline-flex size-10 items-center justify-center overflow-hidden rounded-input max-list:size-12"
      >
        <Settings aria-hidden className="size-5" strokeWidth={1.75} />
      </Link>
    </Tooltip>
  )
}
