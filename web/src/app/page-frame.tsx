import type { ReactNode } from 'react'
import { Mark } from '@/ui/mark'

/** A whole page that only says one thing. */
export function PageFrame({ children }: { children: ReactNode }) {
  return (
    <main className="flex h-full min-h-0 flex-1 flex-col items-center justify-center overflow-y-auto p-4">
      <Mark className="size-10" />
      {children}
    </main>
  )
}

export const pageLink =
  'inline-flex h-8 items-center rounded-control border border-line-strong bg-surface px-3 font-medium hover:bg-raised max-list:h-11'

export const textLink = 'text-accent underline underline-offset-2'
