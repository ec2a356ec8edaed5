import { createFileRoute } from '@tanstack/react-router'
import { useSession } from '@/api/session'
import { NoPermission } from '@/ui/no-permission'

export const Route = createFileRoute('/t/$slug/settings/audit')({ component: AuditPage })

function AuditPage() {
  if (!useSession().may('audit.view')) return <NoPermission permission="audit.view" />
  return null
}
