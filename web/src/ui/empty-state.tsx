import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = { icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode }

/** Nothing is here, and that is not an error: one sentence, one action. */
export function EmptyState({ icon: Icon, title, children, action }: Props) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      <span className="inline-flex size-10 items-center justify-center rounded-full border border-line bg-raised text-ink-2">
        <Icon aria-hidden className="size-5" strokeWidth={1.75} />
      </span>
      <p className="font-semibold text-panel">{title}</p>
      {children && <div className="max-w-80 text-ink-2">{children}</div>}
      {action}
    </div>
  )
}
