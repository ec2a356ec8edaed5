import { Ellipsis } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { Member, Role, Team } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Avatar } from '@/ui/avatar'
import { Chip } from '@/ui/chip'
import { IconButton } from '@/ui/icon-button'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from '@/ui/menu'
import { useNow } from '@/ui/use-now'
import type { MemberAct } from './member-dialogs'
import { useRoleName } from './role-words'
import { useLackWords } from './use-lack-words'

type Props = {
  member: Member
  roles: Role[]
  teams: Team[]
  onAct: (act: MemberAct) => void
  onReactivate: () => void
}

export function MemberRow({ member, roles, teams, onAct, onReactivate }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const roleName = useRoleName()
  const { user } = useSession()
  const role = member.role ? roleName(member.role) : ''
  const names = member.teams.filter(({ id }) => teams.some((team) => team.id === id)).map(({ name }) => name)
  const seen = member.last_seen_at
    ? t('people.seen', { age: format.age(member.last_seen_at, now) })
    : t('people.never_seen')
  return (
    <tr className="hover:bg-raised">
      <th scope="row" className="w-full max-w-0 py-2 ps-4 pe-3 text-start font-normal">
        <span className="flex items-center gap-3">
          <Avatar name={member.name} size="small" />
          <span className="min-w-0">
            <span className="flex flex-wrap items-center gap-x-2">
              <bdi className="truncate font-medium">{member.name}</bdi>
              {member.id === user.id && <Chip>{t('people.you')}</Chip>}
              {member.state === 'suspended' && <Chip look="warn">{t('people.state.suspended')}</Chip>}
            </span>
            <span className="block truncate text-compact text-ink-2">
              <bdi dir="ltr">{member.email}</bdi>
            </span>
            <span className="block text-compact text-ink-2 desk:hidden">
              {role} · {seen}
            </span>
          </span>
        </span>
      </th>
      <td className="min-w-36 px-3 max-desk:hidden">{role}</td>
      <td className="min-w-52 px-3 max-desk:hidden">
        <span className="flex max-w-60 flex-wrap gap-1 py-1">
          {names.length === 0 && <span className="text-ink-3">–</span>}
          {names.map((name) => (
            <Chip key={name}>
              <bdi>{name}</bdi>
            </Chip>
          ))}
        </span>
      </td>
      <td className="min-w-28 whitespace-nowrap px-3 text-compact text-ink-2 max-desk:hidden">
        {member.last_seen_at ? (
          <time dateTime={member.last_seen_at} title={format.full(member.last_seen_at)}>
            {format.age(member.last_seen_at, now)}
          </time>
        ) : (
          t('people.never')
        )}
      </td>
      <td className="py-2 pe-3 text-end">
        <Menu>
          <MenuTrigger asChild>
            <IconButton icon={Ellipsis} label={t('people.actions', { name: member.name })} tooltipAlign="end" />
          </MenuTrigger>
          <MemberMenu member={member} roles={roles} onAct={onAct} onReactivate={onReactivate} />
        </Menu>
      </td>
    </tr>
  )
}

function MemberMenu({ member, roles, onAct, onReactivate }: Omit<Props, 'teams'>) {
  const { t } = useTranslation()
  const { user } = useSession()
  const lacks = useLackWords()
  const role = roles.find(({ id }) => id === member.role?.id)
  const reason = role ? lacks(role) : null
  const self = member.id === user.id
  const item = (act: MemberAct, words: string) => (
    <MenuItem disabled={reason !== null} onSelect={() => onAct(act)}>
      {words}
    </MenuItem>
  )
  return (
    <MenuContent align="end" className="max-w-80">
      {reason && <MenuLabel>{reason}</MenuLabel>}
      {item('edit', t('people.edit'))}
      {!self && (
        <>
          {item('sign_out', t('people.sign_out'))}
          {item('reset_factor', t('people.reset_factor'))}
        </>
      )}
      <MenuSeparator />
      {!self && member.state === 'active' && item('suspend', t('people.suspend'))}
      {!self && member.state === 'suspended' && (
        <MenuItem disabled={reason !== null} onSelect={onReactivate}>
          {t('people.reactivate')}
        </MenuItem>
      )}
      {item('remove', self ? t('people.leave') : t('people.remove'))}
    </MenuContent>
  )
}
