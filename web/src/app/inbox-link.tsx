import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MessageSquareText } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { countsQuery } from '@/features/chat/api/count-conversations'
import { useFormat } from '@/i18n/format'
import { Tooltip } from '@/ui/tooltip'
import { useRailLabel } from './rail-label'

/** The inbox with the caller's unread conversations, for who may see it; the page's title carries the same number. */
export function InboxLink() {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant, may } = useSession()
  const allowed = may('conversation.view')
  const name = useRailLabel('inbox')
  const unread = useQuery({ ...countsQuery, enabled: allowed }).data?.unread ?? 0
  useEffect(() => {
    const title = allowed ? t('shell.title', { workspace: tenant.name }) : tenant.name
    document.title = unread > 0 ? t('shell.title_unread', { number: format.number(unread), title }) : title
  }, [t, format, allowed, tenant.name, unread])
  if (!allowed) return null
  return (
    <Tooltip label={name} side="after">
      <Link
        to="/t/$slug/inbox"
        params={{ slug: tenant.slug }}
        aria-label={unread > 0 ? t('shell.inbox_unread', { name, count: unread }) : name}
        activeProps={{ className: 'bg-surface text-accent shadow-edge bar-start max-list:before:hidden' }}
        inactiveProps={{ className: 'text-ink-2 hover:bg-raised' }}
        className="relative inline-flex size-10 items-center justify-center overflow-visible rounded-input max-list:size-12"
      >
        <MessageSquareText aria-hidden className="size-5" strokeWidth={1.75} />
        {unread > 0 && (
          <span
            aria-hidden
            className="forced-border -end-1.5 -top-1.5 max-list:end-0 max-list:top-0 absolute inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-accent px-1 font-semibold text-micro text-on-accent ring-2 ring-canvas"
          >
            {unread > 99 ? '99+' : format.number(unread)}
          </span>
        )}
      </Link>
    </Tooltip>
  )
}
