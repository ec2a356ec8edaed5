import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MailOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationFilter, ConversationView } from '@/api/keys'
import { useSession } from '@/api/session'
import type { ConversationCounts } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { cn } from '@/ui/cn'
import { Tooltip } from '@/ui/tooltip'
import { countsQuery } from '../api/count-conversations'
import { listSearch } from '../filter'

const views: { view: ConversationView; count: keyof Pick<ConversationCounts, 'mine' | 'unassigned' | 'open'> }[] = [
  { view: 'mine', count: 'mine' },
  { view: 'unassigned', count: 'unassigned' },
  { view: 'all', count: 'open' },
]

type Props = {
  filter: ConversationFilter
  /** `h2` beside an open conversation, which is what the page is about then. */
  titleAs: 'h1' | 'h2'
}

/** The name of the view and the ways to the others, each with its count: a count leads to the rows it counts. */
export function ListHeader({ filter, titleAs: Title }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant } = useSession()
  const counts = useQuery(countsQuery).data
  return (
    <header className="border-line border-b px-4">
      <div className="flex h-12 items-center justify-between">
        <Title className="font-semibold text-panel">{t(`list.title.${filter.view}`)}</Title>
        <Tooltip label={filter.unread ? t('list.filter.show_all') : t('list.filter.only_unread')} align="end">
          <Link
            to="/t/$slug/inbox/$view"
            params={{ slug: tenant.slug, view: filter.view }}
            search={listSearch({ ...filter, unread: !filter.unread })}
            aria-label={filter.unread ? t('list.filter.show_all') : t('list.filter.only_unread')}
            className={cn(
              'inline-flex size-8 items-center justify-center rounded-control max-list:size-11',
              filter.unread ? 'bg-accent-soft text-accent' : 'text-ink-2 hover:bg-raised',
            )}
          >
            <MailOpen aria-hidden className="size-5" strokeWidth={1.75} />
          </Link>
        </Tooltip>
      </div>
      <nav aria-label={t('list.views')} className="flex gap-4">
        {views.map(({ view, count }) => (
          <Link
            key={view}
            to="/t/$slug/inbox/$view"
            params={{ slug: tenant.slug, view }}
            search={{}}
            aria-current={view === filter.view ? 'page' : undefined}
            className={cn(
              '-mb-px flex h-9 items-center gap-1.5 border-b-2 text-compact max-list:h-11',
              view === filter.view
                ? 'border-accent font-semibold text-ink'
                : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            {t(`list.view.${view}`)} {counts && <span className="text-ink-2">{format.number(counts[count])}</span>}
          </Link>
        ))}
      </nav>
    </header>
  )
}
