import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { cn } from './cn'
import { Kbd } from './kbd'

type Props = {
  label: ReactNode
  keys?: string | undefined
  /** Below the control, or behind it in the direction of reading. */
  side?: 'below' | 'after'
  /** `end` for a control at the end of its line, whose words would leave the screen. */
  align?: 'center' | 'end'
  children: ReactNode
}

const delay = 400

/**
 * The name of a control that shows none. It is drawn for the eye alone: the control carries the same words as its
 * accessible name. Escape hides it, the pointer may move onto it, and it stays as long as pointer or focus do.
 */
export function Tooltip({ label, keys, side = 'below', align = 'center', children }: Props) {
  const [shown, setShown] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const hide = () => {
    clearTimeout(timer.current)
    setShown(false)
  }
  const handleEnter = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') timer.current = setTimeout(() => setShown(true), delay)
  }
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !shown) return
    event.stopPropagation()
    hide()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches the control inside
    <span
      className="relative inline-flex"
      onPointerEnter={handleEnter}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => setShown(event.target.matches(':focus-visible'))}
      onBlur={hide}
      onKeyDown={handleKeyDown}
    >
      {children}
      {shown && (
        <span
          aria-hidden
          className={cn(
            'absolute z-50',
            side === 'below' && 'top-full pt-1.5',
            side === 'below' && (align === 'end' ? 'end-0' : 'start-1/2 -translate-x-1/2 rtl:translate-x-1/2'),
            side === 'after' && 'start-full top-1/2 -translate-y-1/2 ps-1.5',
          )}
        >
          <span className="flex items-center gap-2 whitespace-nowrap rounded-control bg-ink px-2 py-1 text-canvas text-meta">
            {label}
            {keys && <Kbd className="border-canvas/40 bg-transparent text-canvas">{keys}</Kbd>}
          </span>
        </span>
      )}
    </span>
  )
}
