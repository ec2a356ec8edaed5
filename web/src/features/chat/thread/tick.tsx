import { Check, CheckCheck, CircleDashed, CircleHelp, Clock3, type LucideIcon, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn'
import type { TickState } from './tick.model'

const marks: Record<TickState, { icon: LucideIcon; look: string }> = {
  local: { icon: CircleDashed, look: 'text-ink-3' },
  queued: { icon: Clock3, look: 'text-ink-3' },
  sent: { icon: Check, look: 'text-ink-3' },
  delivered: { icon: CheckCheck, look: 'text-ink-3' },
  read: { icon: CheckCheck, look: 'rounded-full bg-info px-0.5 text-surface' },
  unknown: { icon: CircleHelp, look: 'text-warn' },
  failed: { icon: TriangleAlert, look: 'text-danger' },
}

/** How far a message of ours has come: a shape of its own for each state, and words for those who do not see it. */
export function Tick({ state }: { state: TickState }) {
  const { t } = useTranslation()
  const { icon: Icon, look } = marks[state]
  return (
    <span role="img" aria-label={t(`tick.${state}`)} className={cn('inline-flex', look)} data-tick={state}>
      <Icon aria-hidden className="size-3.5" strokeWidth={2} />
    </span>
  )
}
