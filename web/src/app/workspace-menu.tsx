import { type ComponentProps, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { initials } from '@/ui/avatar'
import { cn } from '@/ui/cn'
import { Deferred } from '@/ui/deferred'

const load = () => import('./workspace-menu-opened')
const Opened = lazy(load)

const tile =
  'forced-border inline-flex size-8 items-center justify-center rounded-input bg-ink font-semibold text-canvas text-panel'

/** The workspace's sign; for a person with several, the way to the others. */
export function WorkspaceMenu() {
  const { tenant, memberships } = useSession()
  const several = memberships.filter((membership) => membership.status === 'active').length > 1
  if (!several) {
    return (
      <span role="img" aria-label={tenant.name} title={tenant.name} className={cn(tile, 'my-1')}>
        {initials(tenant.name).charAt(0)}
      </span>
    )
  }
  return (
    <Deferred preload={load} trigger={(props) => <WorkspaceButton {...props} />}>
      <Opened />
    </Deferred>
  )
}

export function WorkspaceButton({ className, ...rest }: ComponentProps<'button'>) {
  const { t } = useTranslation()
  const { tenant } = useSession()
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={t('shell.workspace_menu', { name: tenant.name })}
      className={cn('inline-flex size-10 items-center justify-center rounded-input max-list:size-12', className)}
      {...rest}
    >
      <span className={tile}>{initials(tenant.name).charAt(0)}</span>
    </button>
  )
}
