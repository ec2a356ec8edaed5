import { useSyncExternalStore } from 'react'

// A screen reader hears of arrivals here, outside the virtual lists, which would read out every row they recycle.
const between = 4_000
const kept = 5
// The screen comes first: who acts on the words finds what they speak of.
const settle = 250

let lines: readonly { id: number; text: string }[] = []
let next = 0
let quietUntil = 0
const listeners = new Set<() => void>()

/** Says one sentence politely; more than one in four seconds are dropped, because nobody can listen that fast. */
export function announce(text: string): void {
  const now = Date.now()
  if (now < quietUntil) return
  quietUntil = now + between
  setTimeout(() => {
    next += 1
    lines = [...lines.slice(1 - kept), { id: next, text }]
    for (const listener of listeners) listener()
  }, settle)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Announcer({ label }: { label: string }) {
  const said = useSyncExternalStore(subscribe, () => lines)
  return (
    <div role="log" aria-live="polite" aria-label={label} className="sr-only">
      {said.map((line) => (
        <p key={line.id}>{line.text}</p>
      ))}
    </div>
  )
}
