import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { useNow } from '@/ui/use-now'
import { shownAt, type ThreadRow } from './rows.model'

export function DayRow({ at }: { at: string }) {
  const format = useFormat()
  const now = useNow()
  return (
    <p className="flex items-center gap-3 pt-3 pb-1 text-compact text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      <time dateTime={at}>{format.day(at, now)}</time>
    </p>
  )
}

export function NewRow({ count }: { count: number }) {
  const { t } = useTranslation()
  return (
    <p className="flex items-center gap-3 pt-3 font-medium text-accent text-compact before:h-px before:flex-1 before:bg-accent after:h-px after:flex-1 after:bg-accent">
      {t('thread.new', { count })}
    </p>
  )
}

/** The day of what is at the top of the screen, while its own row is scrolled away. */
export function StickyDay({ row, rows }: { row: ThreadRow | undefined; rows: ThreadRow[] }) {
  const format = useFormat()
  const now = useNow()
  if (!row || row.kind === 'day' || row === rows[0]) return null
  const at = dayOf(row, rows)
  if (!at) return null
  return (
    <p
      aria-hidden
      className="-translate-x-1/2 rtl:translate-x-1/2 absolute start-1/2 top-2 z-10 rounded-full border border-line bg-surface px-3 py-0.5 text-ink-2 text-meta"
    >
      {format.day(at, now)}
    </p>
  )
}

function dayOf(row: ThreadRow, rows: ThreadRow[]): string | null {
  switch (row.kind) {
    case 'message':
    case 'event':
      return shownAt(row.message)
    case 'local':
      return row.entry.created_at
    case 'new': {
      const next = rows[rows.indexOf(row) + 1]
      return next ? dayOf(next, rows) : null
    }
    case 'day':
      return row.at
  }
}

export function OlderNotice({ failed, onRetry }: { failed: boolean; onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <p className="flex items-center justify-center gap-2 py-2 text-ink-3 text-meta">
      {failed ? t('thread.older_failed') : t('thread.loading_older')}
      {failed && (
        <Button size="compact" onClick={onRetry}>
          {t('error.retry')}
        </Button>
      )}
    </p>
  )
}
