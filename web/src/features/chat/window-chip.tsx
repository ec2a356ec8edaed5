import { Clock, LockKeyhole } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '@/api/clock'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { useNow } from '@/ui/use-now'
import { windowState } from './window.model'

/** How long anything may still be written to the contact; amber below four hours. */
export function WindowChip({ expiresAt, verbose = false }: { expiresAt: string | null; verbose?: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  useNow()
  const window = windowState(expiresAt, serverNow())
  if (window.kind === 'none') return null
  if (window.kind === 'closed') {
    return (
      <Chip look={verbose ? 'danger' : 'plain'} icon={LockKeyhole}>
        {t('window.closed')}
      </Chip>
    )
  }
  const look = window.kind === 'soon' ? 'warn' : verbose ? 'ok' : 'plain'
  if (verbose) {
    return (
      <Chip look={look} icon={Clock} className="h-6 px-2">
        <span className="max-desk:sr-only">{t('window.left', { time: format.left(window.left) })}</span>
        <span aria-hidden className="desk:hidden">
          {format.left(window.left)}
        </span>
      </Chip>
    )
  }
  return (
    <Chip look={look} icon={Clock}>
      <span className="sr-only">{t('window.left', { time: format.left(window.left) })}</span>
      <span aria-hidden>{format.leftShort(window.left)}</span>
    </Chip>
  )
}
