import { CircleCheck, Unlink } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = { kind: 'done' | 'expired'; words: string; children: ReactNode }

/** How following a mailed link ended, with the way on. */
export function Notice({ kind, words, children }: Props) {
  const Icon = kind === 'done' ? CircleCheck : Unlink
  return (
    <div role={kind === 'done' ? 'status' : 'alert'} className="flex flex-col gap-4">
      <p className="flex items-start gap-2">
        <Icon
          aria-hidden
          className={kind === 'done' ? 'size-5 shrink-0 text-ok' : 'size-5 shrink-0 text-danger'}
          strokeWidth={1.75}
        />
        {words}
      </p>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  )
}
