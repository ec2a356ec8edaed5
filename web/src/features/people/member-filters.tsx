import { useTranslation } from 'react-i18next'
import type { MemberQuery } from '@/api/keys'
import type { Role, Team } from '@/api/types'
import { SelectField } from '@/ui/select-field'
import { useRoleName } from './role-words'
import { SearchField } from './search-field'

type Props = { filter: MemberQuery; roles: Role[]; teams: Team[]; onChange: (filter: MemberQuery) => void }

/** Name or e-mail, role, team and state; what is chosen stands in the address bar. */
export function MemberFilters({ filter, roles, teams, onChange }: Props) {
  const { t } = useTranslation()
  const roleName = useRoleName()
  const set = (name: keyof MemberQuery, value: string) => {
    const { [name]: _, ...rest } = filter
    onChange(value ? { ...rest, [name]: value } : rest)
  }
  return (
    <form
      aria-label={t('people.members')}
      className="grid grid-cols-[minmax(0,2fr)_repeat(3,minmax(0,1fr))] items-end gap-3 max-list:grid-cols-2 max-list:[&>*:first-child]:col-span-2"
      onSubmit={(event) => event.preventDefault()}
    >
      <SearchField label={t('people.search')} value={filter.search ?? ''} onChange={(text) => set('search', text)} />
      <SelectField
        label={t('people.role')}
        value={filter.role ?? ''}
        onChange={(event) => set('role', event.target.value)}
      >
        <option value="">{t('people.every_role')}</option>
        {roles.map((role) => (
          <option key={role.id} value={role.id}>
            {roleName(role)}
          </option>
        ))}
      </SelectField>
      {teams.length > 0 && (
        <SelectField
          label={t('people.team')}
          value={filter.team ?? ''}
          onChange={(event) => set('team', event.target.value)}
        >
          <option value="">{t('people.every_team')}</option>
          {teams.map((team) => (
            <option key={team.id} value={team.id}>
              {team.name}
            </option>
          ))}
        </SelectField>
      )}
      <SelectField
        label={t('people.state_label')}
        value={filter.state ?? ''}
        onChange={(event) => set('state', event.target.value)}
      >
        <option value="">{t('people.every_state')}</option>
        <option value="active">{t('people.state.active')}</option>
        <option value="suspended">{t('people.state.suspended')}</option>
      </SelectField>
    </form>
  )
}
