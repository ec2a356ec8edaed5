import { ScrollText, ShieldCheck } from 'lucide-react'

/** The pages of the workspace's settings; who lacks a page's permission does not see it. */
export const settingsPages = [
  { to: '/t/$slug/settings/security', name: 'security', permission: 'settings.manage', icon: ShieldCheck },
  { to: '/t/$slug/settings/audit', name: 'audit', permission: 'audit.view', icon: ScrollText },
] as const
