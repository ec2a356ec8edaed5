import type { ReactNode } from 'react'
import { Mark } from '@/ui/mark'

type Props = { title: string; lead?: string; children: ReactNode; footer?: ReactNode }

/** The frame of the pages before a session: one sheet on the canvas. */
export function AuthPage({ title, lead, children, footer }: Props) {
  return (
    <main className="flex h-dvh flex-col items-center overflow-y-auto px-4 py-8">
      <div className="my-auto flex w-full max-w-100 flex-col gap-6">
        <div className="flex items-center gap-3">
          <Mark className="size-10" />
          <span className="font-semibold text-page">Baraza</span>
        </div>
        <section className="flex flex-col gap-6 rounded-panel border border-line bg-surface p-6">
          <div>
            <h1 className="font-semibold text-page">{title}</h1>
            {lead && <p className="mt-1 text-ink-2">{lead}</p>}
          </div>
          {children}
        </section>
        {footer && <p className="text-center text-ink-2">{footer}</p>}
      </div>
    </main>
  )
}
