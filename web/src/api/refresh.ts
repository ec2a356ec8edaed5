// One refresh at a time: for every call of this tab by the shared promise, for every tab by the lock.
import { withLock } from './locks'

const refreshedAt = 'baraza.refreshed_at'

export type Refreshed = 'renewed' | 'refused' | 'unreachable'

let underWay: Promise<Refreshed> | null = null

/**
 * Renews the session's cookies. `failedAt` is when the refused call began: a refresh that any tab finished after
 * that moment already helps it, so none is sent.
 */
export function refreshSession(failedAt: number): Promise<Refreshed> {
  underWay ??= withLock('baraza.refresh', () => renew(failedAt)).finally(() => {
    underWay = null
  })
  return underWay
}

async function renew(failedAt: number): Promise<Refreshed> {
  if (lastRefresh() > failedAt) return 'renewed'
  try {
    const response = await fetch('/api/auth/refresh', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    })
    if (!response.ok) return response.status === 401 ? 'refused' : 'unreachable'
    remember()
    return 'renewed'
  } catch {
    return 'unreachable'
  }
}

function lastRefresh(): number {
  try {
    return Number(localStorage.getItem(refreshedAt) ?? 0)
  } catch {
    return 0 // Storage is blocked: other tabs' refreshes go unnoticed, which costs one more call.
  }
}

function remember() {
  try {
    localStorage.setItem(refreshedAt, String(Date.now()))
  } catch {
    // As above.
  }
}
