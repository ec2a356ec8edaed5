import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = {
  icon: LucideIcon
  title: string
  /** `h1` where this is all there is on the page. */
  titleAs?: 'h1' | 'p'
  children?: ReactNode
  action?: ReactNode
}

/** Nothing is here, and that is not an error: one sentence, one action. */
export function EmptyState({ icon: Icon, title, titleAs: Title = 'p', children, action }: Props) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      <span className="inline-flex size-10 items-center justify-center rounded-full border border-line bg-raised text-ink-2">
        <Icon aria-hidden className="size-5" strokeWidth={1.75} />
      </span>
      <Title className="font-semibold text-panel">{title}</Title>
      {children && <div className="max-w-80 text-ink-2">{children}</div>}
      {action}
    </div>
  )
}
