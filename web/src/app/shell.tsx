import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { handleKey, useCommands } from '@/commands/commands'
import { cyclePanes } from '@/commands/panes'
import { useConnection } from '@/realtime/workspace'
import { Announcer } from '@/ui/announcer'
import { media, useMedia } from '@/ui/use-media'
import { BottomBar } from './bottom-bar'
import { ConnectionPill } from './connection-pill'
import { goToSignIn } from './leave'
import { Rail } from './rail'
import { StepUp } from './step-up'
import { SuspendedPage } from './suspended-page'
import { usePageViews } from './use-page-views'

const ShortcutSheet = lazy(() => import('@/commands/shortcut-sheet'))

/** What stands around every page of a workspace. */
export function Shell({ children, immersed }: { children: ReactNode; immersed: boolean }) {
  const { t } = useTranslation()
  const connection = useConnection()
  const phone = useMedia(media.phone)
  const [sheetOpen, setSheetOpen] = useState(false)
  usePageViews()
  useCommands([
    { id: 'help', scope: 'general', keys: ['?'], run: () => setSheetOpen(true) },
    { id: 'next_pane', scope: 'general', keys: ['F6'], run: () => cyclePanes(1) },
    { id: 'previous_pane', scope: 'general', keys: ['Shift+F6'], run: () => cyclePanes(-1) },
  ])
  useEffect(() => {
    document.addEventListener('keydown', handleKey)
    return () => document.removeEventListener('keydown', handleKey)
  }, [])
  useEffect(() => {
    if (connection.reason === 'signed_out') goToSignIn(window.location.pathname + window.location.search)
  }, [connection.reason])

  if (connection.reason === 'suspended') return <SuspendedPage />
  const openShortcuts = () => setSheetOpen(true)
  return (
    <div className="flex h-full max-list:flex-col">
      <button
        type="button"
        onClick={() => document.getElementById('content')?.focus()}
        className="sr-only focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-50 focus:rounded-control focus:bg-surface focus:px-3 focus:py-2 focus:shadow-float"
      >
        {t('shell.skip_to_content')}
      </button>
      {!phone && <Rail onShortcuts={openShortcuts} />}
      <div id="content" tabIndex={-1} className="relative flex min-h-0 min-w-0 flex-1 outline-none">
        {children}
      </div>
      {phone && !immersed && <BottomBar onShortcuts={openShortcuts} />}
      <ConnectionPill />
      <StepUp />
      {sheetOpen && (
        <Suspense>
          <ShortcutSheet open onOpenChange={setSheetOpen} />
        </Suspense>
      )}
      <Announcer label={t('shell.announcements')} />
    </div>
  )
}
