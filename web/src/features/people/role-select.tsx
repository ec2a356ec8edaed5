import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '@/api/types'
import { SelectField } from '@/ui/select-field'
import { useRoleName } from './role-words'
import { useLackWords } from './use-lack-words'

type Props = Omit<ComponentProps<typeof SelectField>, 'children'> & { roles: Role[] }

/** One role of those the caller may give; the others are listed with the reason. */
export function RoleSelect({ roles, ...rest }: Props) {
  const { t } = useTranslation()
  const name = useRoleName()
  const lacks = useLackWords()
  return (
    <SelectField {...rest}>
      {roles.map((role) => {
        const reason = lacks(role)
        return (
          <option key={role.id} value={role.id} disabled={reason !== null}>
            {reason ? t('people.role_not_yours', { role: name(role) }) : name(role)}
          </option>
        )
      })}
    </SelectField>
  )
}
