import type { ReactNode } from 'react'

type Props = { title: string; lead?: string; wide?: boolean; actions?: ReactNode; children: ReactNode }

/** The content of a page that is read from top to bottom. */
export function PageMain({ title, lead, wide = false, actions, children }: Props) {
  return (
    <main data-pane tabIndex={-1} className="scroll-quiet min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
      <div className={`mx-auto flex flex-col gap-5 p-6 max-list:p-4 ${wide ? 'max-w-300' : 'max-w-180'}`}>
        <header className="flex flex-wrap items-end justify-between gap-3">
          <div>
            <h1 className="font-semibold text-page">{title}</h1>
            {lead && <p className="mt-1 text-ink-2">{lead}</p>}
          </div>
          {actions}
        </header>
        {children}
      </div>
    </main>
  )
}
