import { UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { RailLink } from './rail-link'

/** The teams, for who may see them. */
export function TeamLink() {
  const { t } = useTranslation()
  const { tenant, may } = useSession()
  if (!may('team.view')) return null
  return (
    <RailLink link={{ to: '/t/$slug/team', params: { slug: tenant.slug } }} label={t('shell.team')} icon={UsersRound} />
  )
}
