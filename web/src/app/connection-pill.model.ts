import type { ConnectionState } from '@/realtime/connection'

/** What the pill says; `quiet` when there is nothing worth saying. */
export type PillState =
  | { kind: 'quiet' }
  | { kind: 'reconnecting' | 'offline' | 'stopped' }
  | { kind: 'back'; updates: number }

const patience = 2_000
const offlineAfter = 10_000
const backFor = 3_000

export function pillState(connection: ConnectionState, now: number): PillState {
  const { phase, lostAt, returned, reason } = connection
  if (phase === 'stopped') return reason === 'protocol' ? { kind: 'stopped' } : { kind: 'quiet' }
  if (phase === 'live') {
    return returned && now - returned.at < backFor ? { kind: 'back', updates: returned.updates } : { kind: 'quiet' }
  }
  if (lostAt === null || now - lostAt < patience) return { kind: 'quiet' }
  return { kind: now - lostAt < offlineAfter ? 'reconnecting' : 'offline' }
}
