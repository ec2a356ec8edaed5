import { useTranslation } from 'react-i18next'
import type { RoleName } from '@/api/types'
import { areaOfPermission, areas } from './role.model'

const builtin = ['owner', 'admin', 'manager', 'agent', 'analyst', 'auditor', 'member'] as const

/** The name of a role: the built-in ones have one in every language. */
export function useRoleName(): (role: Pick<RoleName, 'key' | 'name'>) => string {
  const { t } = useTranslation()
  return ({ key, name }) => {
    const known = builtin.find((item) => item === key)
    return known ? t(`role.name.${known}`) : name
  }
}

/** What a role is for; a custom one by what it touches. */
export function useRoleWords(): (role: { key: string | null; permissions: string[] }) => string {
  const { t, i18n } = useTranslation()
  return ({ key, permissions }) => {
    const known = builtin.find((item) => item === key)
    if (known) return t(`role.words.${known}`)
    const touched = areas.filter((area) => permissions.some((name) => areaOfPermission(name) === area))
    if (touched.length === 0) return t('role.touches_nothing')
    const list = new Intl.ListFormat(i18n.language).format(touched.map((area) => t(`role.area.${area}`)))
    return t('role.touches', { areas: list })
  }
}
