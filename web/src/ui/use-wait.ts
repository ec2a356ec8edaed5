import type { Problem } from '@/api/problem'
import { useCountdown } from './use-countdown'

/** Seconds until what was refused as too much may be tried again. */
export function useWait(problem: Problem | null): number {
  return useCountdown(problem?.retryAfter ? problem.receivedAt + problem.retryAfter * 1_000 : null)
}
