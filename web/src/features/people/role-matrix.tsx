import { Check, Ellipsis } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Permission, Role } from '@/api/types'
import { Chip } from '@/ui/chip'
import { IconButton } from '@/ui/icon-button'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from '@/ui/menu'
import { usePermissionWords } from '@/ui/permission-words'
import { byArea, reveals, scopes } from './role.model'
import { useRoleName } from './role-words'
import { useLackWords } from './use-lack-words'

type Props = {
  roles: Role[]
  permissions: Permission[]
  /** The number of people with a role, as a way to them where the caller may go there. */
  holders: (role: Role) => ReactNode
  onWho: (permission: Permission) => void
  onCopy: (role: Role) => void
  onEdit: (role: Role) => void
  onDelete: (role: Role) => void
}

/** What each role may do. */
export function RoleMatrix({ roles, permissions, holders, onWho, ...acts }: Props) {
  const { t } = useTranslation()
  const words = usePermissionWords()
  const roleName = useRoleName()
  const heading = (label: string) => (
    <tr className="border-line border-y bg-raised">
      <th scope="rowgroup" colSpan={roles.length + 1} className="h-8 px-4 text-start font-medium text-ink-2 text-meta">
        <span className="sticky start-4">{label}</span>
      </th>
    </tr>
  )
  const cells = (has: (role: Role) => boolean) =>
    roles.map((role) => (
      <td key={role.id} className="px-2 text-center">
        {has(role) ? (
          <>
            <Check aria-hidden className="mx-auto size-4 text-accent" strokeWidth={2.25} />
            <span className="sr-only">{t('roles.yes')}</span>
          </>
        ) : (
          <>
            <span aria-hidden className="text-ink-3">
              ·
            </span>
            <span className="sr-only">{t('roles.no')}</span>
          </>
        )}
      </td>
    ))
  return (
    <section
      aria-label={t('roles.matrix')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      className="scroll-quiet max-h-[calc(100dvh-13rem)] min-h-80 overflow-auto rounded-panel border border-line bg-surface"
    >
      <table className="w-full border-separate border-spacing-0 text-compact">
        <thead>
          <tr>
            <th scope="col" className={`${corner} px-4 text-start font-medium text-ink-2 text-meta`}>
              {t('roles.permission')}
            </th>
            {roles.map((role) => (
              <th
                key={role.id}
                scope="col"
                className="sticky top-0 z-10 min-w-24 border-line border-b bg-surface px-2 py-2 align-bottom font-medium"
              >
                <span className="flex flex-col items-center gap-1">
                  <bdi className="max-w-32 break-words">{roleName(role)}</bdi>
                  {!role.builtin && <Chip>{t('roles.custom')}</Chip>}
                  <span className="font-normal text-ink-2 text-meta">{holders(role)}</span>
                  <RoleMenu role={role} {...acts} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {heading(t('roles.scopes'))}
          {scopes.map((scope) => (
            <tr key={scope}>
              <th scope="row" className={rowHead}>
                {t(`roles.scope.${scope}`)}
              </th>
              {cells((role) => role.scopes.includes(scope))}
            </tr>
          ))}
          {heading(t('roles.reveal'))}
          {reveals.map((level) => (
            <tr key={level}>
              <th scope="row" className={rowHead}>
                {t(`roles.level.${level}`)}
              </th>
              {cells((role) => role.reveal.includes(level))}
            </tr>
          ))}
          {byArea(permissions).map(({ area, permissions: group }) => (
            <Fragment key={area}>
              {heading(t(`role.area.${area}`))}
              {group.map((permission) => (
                <tr key={permission.name} className="group hover:bg-raised">
                  <th scope="row" className={rowHead}>
                    <button
                      type="button"
                      title={permission.name}
                      aria-label={t('roles.who_has', { words: words(permission.name, permission.description) })}
                      onClick={() => onWho(permission)}
                      className="w-full rounded-control py-0.5 text-start underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-accent"
                    >
                      {words(permission.name, permission.description)}
                    </button>
                  </th>
                  {cells((role) => role.permissions.includes(permission.name))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const corner =
  'sticky start-0 top-0 z-20 h-10 w-1/3 min-w-64 max-list:min-w-48 border-line border-b bg-surface align-bottom py-2'
const rowHead =
  'sticky start-0 z-[1] h-9 bg-surface px-4 py-1 text-start font-normal group-hover:bg-raised max-list:h-11'

type RoleMenuProps = { role: Role } & Pick<Props, 'onCopy' | 'onEdit' | 'onDelete'>

function RoleMenu({ role, onCopy, onEdit, onDelete }: RoleMenuProps) {
  const { t } = useTranslation()
  const roleName = useRoleName()
  const lacks = useLackWords()
  const reason = lacks(role)
  return (
    <Menu>
      <MenuTrigger asChild>
        <IconButton icon={Ellipsis} label={t('roles.actions', { role: roleName(role) })} className="size-6" />
      </MenuTrigger>
      <MenuContent align="end" className="max-w-80">
        {role.builtin ? <MenuLabel>{t('roles.builtin_stays')}</MenuLabel> : reason && <MenuLabel>{reason}</MenuLabel>}
        {!role.builtin && (
          <MenuItem disabled={reason !== null} onSelect={() => onEdit(role)}>
            {t('roles.edit')}
          </MenuItem>
        )}
        <MenuItem onSelect={() => onCopy(role)}>{t('roles.copy')}</MenuItem>
        {!role.builtin && (
          <MenuItem disabled={reason !== null} onSelect={() => onDelete(role)}>
            {t('roles.delete')}
          </MenuItem>
        )}
      </MenuContent>
    </Menu>
  )
}
