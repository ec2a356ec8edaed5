import { Settings } from 'lucide-react'
import { useSession } from '@/api/session'
import { useRailLabel } from './rail-label'
import { RailLink } from './rail-link'
import { settingsPages } from './settings-pages'

/** The workspace's settings, for who may use any of them. */
export function SettingsLink() {
  const { tenant, may } = useSession()
  const label = useRailLabel('settings')
  if (!settingsPages.some((page) => may(page.permission))) return null
  return <RailLink link={{ to: '/t/$slug/settings', params: { slug: tenant.slug } }} label={label} icon={Settings} />
}
