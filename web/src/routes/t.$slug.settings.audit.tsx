import { useQuery } from '@tanstack/react-query'
import { createFileRoute, useNavigate, useSearch } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { useExportEntries } from '@/features/audit/api/export-entries'
import { peopleQuery } from '@/features/audit/api/list-people'
import { type AuditFilter, filterOf, queryOf } from '@/features/audit/audit.model'
import { AuditFilters } from '@/features/audit/audit-filters'
import { AuditList } from '@/features/audit/audit-list'
import { ChainPanel } from '@/features/audit/chain-panel'
import { Button } from '@/ui/button'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'
import { saveFile } from '@/ui/save-file'

export const Route = createFileRoute('/t/$slug/settings/audit')({ validateSearch: filterOf, component: AuditPage })

function AuditPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const filter = useSearch({ from: '/t/$slug/settings/audit' })
  const navigate = useNavigate({ from: '/t/$slug/settings/audit' })
  const people = useQuery({ ...peopleQuery, enabled: may('audit.view') && may('member.manage') })
  const exporting = useExportEntries()
  if (!may('audit.view')) return <NoPermission permission="audit.view" />
  const handleFilter = (search: AuditFilter) => void navigate({ search, replace: true })
  const handleExport = () =>
    exporting.mutate(queryOf(filter), { onSuccess: ({ name, content }) => saveFile(name, content) })
  return (
    <PageMain
      wide
      title={t('settings.audit')}
      lead={t('audit.lead')}
      actions={
        <Button busy={exporting.isPending} onClick={handleExport}>
          <Download aria-hidden className="size-4" strokeWidth={1.75} />
          {t('audit.export')}
        </Button>
      }
    >
      {exporting.error && (
        <p role="alert" className="text-danger">
          {t('audit.export_failed')}
        </p>
      )}
      <ChainPanel />
      <AuditFilters filter={filter} people={people.data?.items ?? []} onChange={handleFilter} />
      <div className="overflow-hidden rounded-panel border border-line bg-surface">
        <AuditList filter={filter} onFilter={handleFilter} />
      </div>
    </PageMain>
  )
}
