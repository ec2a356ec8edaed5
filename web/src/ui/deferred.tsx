import { type ReactNode, Suspense, useState } from 'react'

type TriggerProps = { onClick?: () => void; onPointerEnter?: () => void; 'aria-busy'?: boolean }

type Props = {
  /** Fetches the chunk of the children; begun when the pointer comes near. */
  preload: () => Promise<unknown>
  /** The control before it was first used. It must look like the one the children bring. */
  trigger: (props: TriggerProps) => ReactNode
  /** What takes the control's place at the first click, opened. */
  children: ReactNode
}

/** A control whose menu or popover is fetched when somebody wants it, not with the page. */
export function Deferred({ preload, trigger, children }: Props) {
  const [wanted, setWanted] = useState(false)
  if (!wanted) return trigger({ onClick: () => setWanted(true), onPointerEnter: () => void preload() })
  return <Suspense fallback={trigger({ 'aria-busy': true })}>{children}</Suspense>
}
