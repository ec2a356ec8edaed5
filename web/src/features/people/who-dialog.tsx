import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import type { Permission, Role } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Dialog } from '@/ui/dialog'
import { usePermissionWords } from '@/ui/permission-words'
import { Refusal } from '@/ui/refusal'
import { Skeleton } from '@/ui/skeleton'
import { everybodyQuery } from './api/list-members'
import { usePeopleWords } from './people-words'
import { useRoleName } from './role-words'

type Props = { permission: Permission; roles: Role[]; onClose: () => void }

/** Which roles hold a permission, and who has them. */
export function WhoDialog({ permission, roles, onClose }: Props) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const format = useFormat()
  const words = usePermissionWords()
  const roleName = useRoleName()
  const { may } = useSession()
  const manages = may('member.manage')
  const everybody = useQuery({ ...everybodyQuery, enabled: manages })
  const holding = roles.filter((role) => role.permissions.includes(permission.name))
  const people = (role: Role) => {
    if (!manages) return <p className="text-ink-2">{t('people.count', { count: role.member_count })}</p>
    if (everybody.error) return null
    if (!everybody.data) return <Skeleton className="my-1 h-3.5 w-40" />
    const members = everybody.data.filter((member) => member.role?.id === role.id)
    if (members.length === 0) return <p className="text-ink-3">{t('roles.nobody')}</p>
    return (
      <ul className="text-ink-2">
        {members.map((member) => (
          <li key={member.id}>
            <bdi>{member.name}</bdi>
          </li>
        ))}
      </ul>
    )
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words(permission.name, permission.description)}
      description={t('roles.who_lead', { permission: permission.name, number: format.number(holding.length) })}
    >
      <Refusal problem={asProblem(everybody.error)} own={own(asProblem(everybody.error))} />
      <dl className="flex flex-col gap-3">
        {holding.map((role) => (
          <div key={role.id}>
            <dt className="font-medium">
              <bdi>{roleName(role)}</bdi>
            </dt>
            <dd>{people(role)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
