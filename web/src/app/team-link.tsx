import { UsersRound } from 'lucide-react'
import { useSession } from '@/api/session'
import { useRailLabel } from './rail-label'
import { RailLink } from './rail-link'

/** The teams, for who may see them. */
export function TeamLink() {
  const { tenant, may } = useSession()
  const label = useRailLabel('team')
  if (!may('team.view')) return null
  return <RailLink link={{ to: '/t/$slug/team', params: { slug: tenant.slug } }} label={label} icon={UsersRound} />
}
