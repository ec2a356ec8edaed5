import { Link } from '@tanstack/react-router'
import { Settings } from 'lucide-react'
import { useSession } from '@/api/session'
import { Tooltip } from '@/ui/tooltip'
import { useRailLabel } from './rail-label'
import { settingsPages } from './settings-pages'

/** The workspace's settings, for who may use any of them. */
export function SettingsLink() {
  const { tenant, may } = useSession()
  const name = useRailLabel('settings')
  if (!settingsPages.some((page) => may(page.permission))) return null
  return (
    <Tooltip label={name} side="after">
      <Link
        to="/t/$slug/settings"
        params={{ slug: tenant.slug }}
        aria-label={name}
        activeProps={{ className: 'bg-surface text-accent shadow-edge bar-start max-list:before:hidden' }}
        inactiveProps={{ className: 'text-ink-2 hover:bg-raised' }}
        className="relative inline-flex size-10 items-center justify-center overflow-hidden rounded-input max-list:size-12"
      >
        <Settings aria-hidden className="size-5" strokeWidth={1.75} />
      </Link>
    </Tooltip>
  )
}
