/** `path` is the page's pattern: it names no person, no conversation and no filter. `duration` in milliseconds. */
export type PageView = { path: string; duration: number }

const day = 24 * 60 * 60_000

/** Tells of each page when it is left, with the time it was in sight. */
export function watchPageViews(first: string, tell: (view: PageView) => void, now: () => number = Date.now) {
  let path = first
  let seen = 0
  let since: number | null = now()

  const pause = () => {
    if (since !== null) seen += Math.max(0, now() - since)
    since = null
  }
  const leave = () => {
    pause()
    if (path) tell({ path, duration: Math.min(seen, day) })
    path = ''
  }
  return {
    leave,
    hide: pause,
    show() {
      since ??= now()
    },
    arrive(next: string) {
      leave()
      path = next
      seen = 0
      since = now()
    },
  }
}
