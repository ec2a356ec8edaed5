import { settingsPages } from './settings-pages'

/** Where a workspace begins: the first page the caller's role may see; the profile is everybody's. */
export function firstPage(may: (permission: string) => boolean) {
  if (may('conversation.view')) return '/t/$slug/inbox'
  const settings = settingsPages.find((page) => may(page.permission))
  return settings?.to ?? (may('team.view') ? '/t/$slug/team' : '/account/profile')
}
