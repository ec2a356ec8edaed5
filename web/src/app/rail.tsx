import { useTranslation } from 'react-i18next'
import { AccountMenu } from './account-menu'
import { InboxLink } from './inbox-link'
import { SettingsLink } from './settings-link'
import { TeamLink } from './team-link'
import { WorkspaceMenu } from './workspace-menu'

/** The way to everything there is, 56 px wide; phones have the bar at the bottom. */
export function Rail({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('shell.navigation')}
      className="flex w-14 shrink-0 flex-col items-center gap-2 border-line border-e bg-canvas py-2"
    >
      <WorkspaceMenu />
      <InboxLink />
      <TeamLink />
      <span className="flex-1" />
      <SettingsLink />
      <AccountMenu onShortcuts={onShortcuts} />
    </nav>
  )
}
