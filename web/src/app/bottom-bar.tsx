import { useTranslation } from 'react-i18next'
import { AccountMenu } from './account-menu'
import { InboxLink } from './inbox-link'
import { SettingsLink } from './settings-link'
import { TeamLink } from './team-link'
import { WorkspaceMenu } from './workspace-menu'

export function BottomBar({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('shell.navigation')}
      className="flex shrink-0 items-center justify-around border-line border-t bg-canvas pb-[env(safe-area-inset-bottom)]"
    >
      <WorkspaceMenu />
      <InboxLink />
      <TeamLink />
      <SettingsLink />
      <AccountMenu onShortcuts={onShortcuts} />
    </nav>
  )
}
