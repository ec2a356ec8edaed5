import { useSyncExternalStore } from 'react'

// One clock for every age and countdown on the screen: they all turn in the same moment, and one timer runs.
const step = 15_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function tick() {
  now = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now()
    timer = setInterval(tick, step)
    document.addEventListener('visibilitychange', tick)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  }
}

/** The browser's time, renewed every 15 seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}
