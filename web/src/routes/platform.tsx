import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Outlet, useRouter } from '@tanstack/react-router'
import { Mail, Server } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/api/session'
import { requireSession } from '@/app/require-session'
import { besideSections, SectionNav } from '@/app/section-nav'
import { StepUp } from '@/app/step-up'
import { WorkspaceFrame } from '@/app/workspace-frame'
import { SignOutButton } from '@/features/access/sign-out-button'
import { Mark } from '@/ui/mark'
import { NoPermission } from '@/ui/no-permission'

/** What belongs to the whole installation; for its operators, in whichever workspace they are, or in none. */
export const Route = createFileRoute('/platform')({
  beforeLoad: ({ context, location }) => requireSession(context.queries, location.href),
  component: PlatformLayout,
})

function PlatformLayout() {
  const { t } = useTranslation()
  const router = useRouter()
  const { data: me } = useSuspenseQuery(meQuery)
  const content = me.user.platform_role ? (
    <div className={besideSections}>
      <SectionNav
        label={t('platform.title')}
        sections={[
          { link: { to: '/platform/settings' }, label: t('platform.settings'), icon: Server },
          { link: { to: '/platform/mailbox' }, label: t('platform.mailbox'), icon: Mail },
        ]}
      />
      <Outlet />
    </div>
  ) : (
    <NoPermission permission="platform.settings" />
  )
  if (me.tenant) return <WorkspaceFrame>{content}</WorkspaceFrame>
  return (
    <div className="flex h-full flex-col">
      <header className="flex items-center gap-3 border-line border-b bg-canvas px-4 py-2">
        <Mark className="size-8" />
        <span className="font-semibold">Baraza</span>
        <span className="ms-auto">
          <SignOutButton onSignedOut={() => router.history.push('/login')} />
        </span>
      </header>
      <div className="flex min-h-0 flex-1">{content}</div>
      <StepUp />
    </div>
  )
}
