import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Outlet } from '@tanstack/react-router'
import { ShieldCheck, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/api/session'
import { requireSession } from '@/app/require-session'
import { besideSections, SectionNav } from '@/app/section-nav'
import { WorkspaceFrame } from '@/app/workspace-frame'

/** What belongs to the person, in whichever workspace they are, or in none. */
export const Route = createFileRoute('/account')({
  beforeLoad: ({ context, location }) => requireSession(context.queries, location.href),
  component: AccountLayout,
})

function AccountLayout() {
  const { t } = useTranslation()
  const { data: me } = useSuspenseQuery(meQuery)
  const content = (
    <div className={besideSections}>
      <SectionNav
        label={t('account.title')}
        sections={[
          { link: { to: '/account/profile' }, label: t('account.profile'), icon: UserRound },
          { link: { to: '/account/security' }, label: t('account.security'), icon: ShieldCheck },
        ]}
      />
      <Outlet />
    </div>
  )
  if (!me.tenant) return <div className="flex h-full">{content}</div>
  return <WorkspaceFrame>{content}</WorkspaceFrame>
}
