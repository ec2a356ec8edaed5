import { createFileRoute, Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { useRailLabel } from '@/app/rail-label'
import { TeamDialog } from '@/features/teams/team-dialog'
import { TeamList } from '@/features/teams/team-list'
import { Button } from '@/ui/button'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'

export const Route = createFileRoute('/t/$slug/team/')({
  validateSearch: ({ archived }: Record<string, unknown>): { archived?: true } =>
    archived === true ? { archived: true } : {},
  component: TeamsPage,
})

const tab = '-mb-px flex h-9 items-center border-b-2 max-list:h-11'

function TeamsPage() {
  const { t } = useTranslation()
  const { tenant, may, seesAll } = useSession()
  const title = useRailLabel('team')
  const { archived = false } = useSearch({ from: '/t/$slug/team/' })
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  if (!may('team.view')) return <NoPermission permission="team.view" />
  const create = may('team.manage') && seesAll && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden className="size-4" strokeWidth={1.75} />
      {t('team.new')}
    </Button>
  )
  return (
    <PageMain wide title={title} lead={t('team.lead')} actions={create}>
      <nav aria-label={t('team.which')} className="flex gap-4 border-line border-b">
        {[false, true].map((ended) => (
          <Link
            key={String(ended)}
            to="/t/$slug/team"
            params={{ slug: tenant.slug }}
            search={ended ? { archived: true } : {}}
            activeOptions={{ exact: true, includeSearch: true }}
            activeProps={{ className: 'border-accent font-medium' }}
            inactiveProps={{ className: 'border-transparent text-ink-2 hover:text-ink' }}
            className={tab}
          >
            {ended ? t('team.archived') : t('team.working')}
          </Link>
        ))}
      </nav>
      <div className="overflow-hidden rounded-panel border border-line bg-surface">
        <TeamList archived={archived} onCreate={create} />
      </div>
      {creating && (
        <TeamDialog
          onClose={() => setCreating(false)}
          onSaved={({ id }) => void navigate({ to: '/t/$slug/team/$team', params: { slug: tenant.slug, team: id } })}
        />
      )}
    </PageMain>
  )
}
