import { createFileRoute, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { useRailLabel } from '@/app/rail-label'
import { besideSections, SectionNav } from '@/app/section-nav'
import { settingsPages } from '@/app/settings-pages'

export const Route = createFileRoute('/t/$slug/settings')({ component: SettingsLayout })

/** The settings a role may use, beside the one that is open. */
function SettingsLayout() {
  const { t } = useTranslation()
  const { tenant, may } = useSession()
  const name = useRailLabel('settings')
  const pages = settingsPages.filter((page) => may(page.permission))
  if (pages.length === 0) return <Outlet />
  return (
    <div className={besideSections}>
      <SectionNav
        label={name}
        sections={pages.map(({ to, name, icon, group }) => ({
          link: { to, params: { slug: tenant.slug } },
          label: t(`settings.${name}`),
          icon,
          group,
        }))}
      />
      <Outlet />
    </div>
  )
}
