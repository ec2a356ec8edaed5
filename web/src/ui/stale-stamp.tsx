import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { Button } from './button'

/** What is not live says how old it is. */
export function StaleStamp({ readAt, onRefresh, busy }: { readAt: number; onRefresh: () => void; busy: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <p className="flex min-h-8 items-center justify-between gap-2 border-line border-b bg-raised px-4 text-ink-2 text-meta">
      {t('common.as_of', { time: format.clockWithSeconds(readAt) })}
      <Button look="ghost" size="compact" onClick={onRefresh} busy={busy}>
        {t('common.refresh')}
      </Button>
    </p>
  )
}
