import { type ComponentProps, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { Avatar } from '@/ui/avatar'
import { cn } from '@/ui/cn'
import { Deferred } from '@/ui/deferred'

const load = () => import('./account-menu-opened')
const Opened = lazy(load)

/** The person: theme, language, keys, signing out. */
export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  return (
    <Deferred preload={load} trigger={(props) => <AccountButton {...props} />}>
      <Opened onShortcuts={onShortcuts} />
    </Deferred>
  )
}

export function AccountButton({ className, ...rest }: ComponentProps<'button'>) {
  const { t } = useTranslation()
  const { user } = useSession()
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={t('shell.account_menu', { name: user.name })}
      className={cn('inline-flex size-10 items-center justify-center rounded-full max-list:size-12', className)}
      {...rest}
    >
      <Avatar name={user.name} size="small" />
    </button>
  )
}
