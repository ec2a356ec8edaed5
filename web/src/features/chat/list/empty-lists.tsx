import { Link } from '@tanstack/react-router'
import { Inbox, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationView } from '@/api/keys'
import { useSession } from '@/api/session'
import { EmptyState } from '@/ui/empty-state'

export function NothingOpen({ view }: { view: ConversationView }) {
  const { t } = useTranslation()
  return (
    <EmptyState icon={Inbox} title={t(`list.empty.${view}`)}>
      {t('list.empty.body')}
    </EmptyState>
  )
}

/** Nothing matches: the filter stands there, to be taken away. */
export function FilteredEmpty({ view }: { view: ConversationView }) {
  const { t } = useTranslation()
  const { tenant } = useSession()
  return (
    <EmptyState
      icon={Inbox}
      title={t('list.filtered_empty')}
      action={
        <Link
          to="/t/$slug/inbox/$view"
          params={{ slug: tenant.slug, view }}
          search={{}}
          className="inline-flex h-8 items-center gap-1 rounded-control border border-line-strong bg-surface px-2 text-compact hover:bg-raised max-list:h-11"
        >
          {t('list.filter.unread')}
          <X aria-hidden className="size-4" strokeWidth={1.75} />
          <span className="sr-only">{t('list.filter.remove')}</span>
        </Link>
      }
    />
  )
}
