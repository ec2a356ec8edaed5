import {
  Building2,
  ChartNoAxesColumn,
  KeyRound,
  PanelLeft,
  ScrollText,
  ShieldCheck,
  UserRoundCog,
  UsersRound,
} from 'lucide-react'

/** The pages of the workspace's settings; who lacks a page's permission does not see it. */
export const settingsPages = [
  {
    to: '/t/$slug/settings/workspace',
    name: 'workspace',
    group: 'workspace',
    permission: 'settings.manage',
    icon: Building2,
  },
  {
    to: '/t/$slug/settings/navigation',
    name: 'navigation',
    group: 'workspace',
    permission: 'settings.manage',
    icon: PanelLeft,
  },
  {
    to: '/t/$slug/settings/usage',
    name: 'usage',
    group: 'workspace',
    permission: 'billing.manage',
    icon: ChartNoAxesColumn,
  },
  { to: '/t/$slug/settings/people', name: 'people', group: 'people', permission: 'member.manage', icon: UsersRound },
  { to: '/t/$slug/settings/roles', name: 'roles', group: 'people', permission: 'role.manage', icon: UserRoundCog },
  {
    to: '/t/$slug/settings/security',
    name: 'security',
    group: 'security',
    permission: 'settings.manage',
    icon: ShieldCheck,
  },
  {
    to: '/t/$slug/settings/api-keys',
    name: 'api_keys',
    group: 'security',
    permission: 'apikey.manage',
    icon: KeyRound,
  },
  { to: '/t/$slug/settings/audit', name: 'audit', group: 'security', permission: 'audit.view', icon: ScrollText },
] as const
