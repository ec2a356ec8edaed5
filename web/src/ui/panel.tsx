import { type ReactNode, useId } from 'react'

type Props = { title: string; lead?: string; badge?: ReactNode; actions?: ReactNode; children?: ReactNode }

/** One subject of a page, on its own sheet. */
export function Panel({ title, lead, badge, actions, children }: Props) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4 rounded-panel border border-line bg-surface p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 max-w-130">
          <div className="flex flex-wrap items-center gap-2">
            <h2 id={id} className="font-semibold text-panel">
              {title}
            </h2>
            {badge}
          </div>
          {lead && <p className="mt-1 text-ink-2">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  )
}
