import { vi } from 'vitest'

type Work = () => Promise<unknown>

/** Web Locks as far as the app uses them: one holder per name, the others in line, a wait that can be aborted. */
export function stubLocks(): void {
  const lines = new Map<string, Promise<unknown>>()
  const request = (name: string, options: { signal?: AbortSignal } | Work, work?: Work) => {
    const run = typeof options === 'function' ? options : work
    const signal = typeof options === 'function' ? undefined : options.signal
    const before = lines.get(name) ?? Promise.resolve()
    const turn = before.then(() => {
      if (signal?.aborted) throw new DOMException('The wait was aborted.', 'AbortError')
      return run?.()
    })
    lines.set(
      name,
      turn.catch(() => {}),
    )
    return turn
  }
  vi.stubGlobal('navigator', Object.create(navigator, { locks: { value: { request } } }))
}
