import { useTranslation } from 'react-i18next'
import { AccountMenu } from './account-menu'
import { InboxLink } from './inbox-link'
import { WorkspaceMenu } from './workspace-menu'

export function BottomBar({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('shell.navigation')}
      className="hidden shrink-0 items-center justify-around border-line border-t bg-canvas pb-[env(safe-area-inset-bottom)] max-list:flex"
    >
      <WorkspaceMenu />
      <InboxLink />
      <AccountMenu onShortcuts={onShortcuts} />
    </nav>
  )
}
