import { createFileRoute, Navigate } from '@tanstack/react-router'
import { useSession } from '@/api/session'
import { settingsPages } from '@/app/settings-pages'
import { NoPermission } from '@/ui/no-permission'

export const Route = createFileRoute('/t/$slug/settings/')({ component: FirstSettings })

function FirstSettings() {
  const { tenant, may } = useSession()
  const first = settingsPages.find((page) => may(page.permission))
  if (!first) return <NoPermission permission="settings.manage" />
  return <Navigate to={first.to} params={{ slug: tenant.slug }} replace />
}
