// The policy window of a conversation: until when anything may be written, as the server says.

export type WindowState = { kind: 'none' } | { kind: 'closed' } | { kind: 'open' | 'soon'; left: number }

const soonBelow = 4 * 60 * 60_000

/** `none` where the channel has no window, or no customer message has opened one. `now` is the server's time. */
export function windowState(expiresAt: string | null, now: number): WindowState {
  if (expiresAt === null) return { kind: 'none' }
  const left = Date.parse(expiresAt) - now
  if (left <= 0) return { kind: 'closed' }
  return { kind: left < soonBelow ? 'soon' : 'open', left }
}
