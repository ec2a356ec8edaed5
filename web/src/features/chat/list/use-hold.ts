import { useRef, useState } from 'react'

type Reason = 'scrolled' | 'pointed' | 'focused'

/** Three reasons to hold the order of a list: somebody points at it, walks it by keyboard, or has scrolled into it. */
export function useHold() {
  const reasons = useRef<Record<Reason, boolean>>({ scrolled: false, pointed: false, focused: false })
  const [held, setHeld] = useState(false)
  const set = (reason: Reason, value: boolean) => {
    reasons.current[reason] = value
    setHeld(Object.values(reasons.current).some(Boolean))
  }
  return { held, set }
}
