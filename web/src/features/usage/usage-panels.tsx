import { useTranslation } from 'react-i18next'
import type { UsageReport } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Panel } from '@/ui/panel'

type Metric = keyof UsageReport['used']

const standing = ['seats', 'invitations', 'channels', 'api_keys'] as const
const monthly = ['conversations', 'messages_received', 'messages_sent', 'active_users'] as const

/** What a workspace uses: what there is now, and what happened this month. Each number says what it counts. */
export function UsagePanels({ report }: { report: UsageReport }) {
  const { t, i18n } = useTranslation()
  const { from, timezone } = report.period
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric', timeZone: timezone }).format(
    new Date(from),
  )
  return (
    <>
      <Numbers title={t('usage.now')} lead={t('usage.now_lead')} metrics={standing} report={report} />
      <Numbers title={month} lead={t('usage.month_lead', { zone: timezone })} metrics={monthly} report={report} />
    </>
  )
}

type NumbersProps = { title: string; lead: string; metrics: readonly Metric[]; report: UsageReport }

function Numbers({ title, lead, metrics, report }: NumbersProps) {
  return (
    <Panel title={title} lead={lead}>
      <dl className="-mx-5 -mb-5 grid overflow-hidden rounded-b-panel grid-cols-4 border-line border-t max-desk:grid-cols-2 max-list:grid-cols-1">
        {metrics.map((metric) => (
          <Measure key={metric} metric={metric} report={report} />
        ))}
      </dl>
    </Panel>
  )
}

function Measure({ metric, report }: { metric: Metric; report: UsageReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  const used = report.used[metric]
  const limit = metric in report.limits ? report.limits[metric as keyof UsageReport['limits']] : undefined
  return (
    <div className="-ms-px -mt-px flex flex-col gap-1 border-line border-s border-t px-5 py-4">
      <dt className="text-ink-2 text-meta">{t(`usage.metric.${metric}`)}</dt>
      <dd className="font-semibold text-kpi">{format.number(used)}</dd>
      {limit !== undefined && (
        <dd className="text-compact text-ink-2">
          {limit === null ? t('usage.no_limit') : <Limit used={used} limit={limit} />}
        </dd>
      )}
      <dd className="text-ink-3 text-meta">{t(`usage.means.${metric}`)}</dd>
    </div>
  )
}

function Limit({ used, limit }: { used: number; limit: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const near = used >= limit * 0.8
  return (
    <span className={near ? 'font-medium text-warn' : undefined}>
      {t('usage.of_limit', { limit: format.number(limit) })}
      {near && ` · ${t('usage.near_limit')}`}
    </span>
  )
}
