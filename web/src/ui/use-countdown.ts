import { useEffect, useState } from 'react'

/** From how many seconds on a wait is said in minutes and hours. */
export const long = 120

/** Seconds until `until` (milliseconds since the epoch), turning every second; 0 when it is past or null. */
export function useCountdown(until: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  const left = until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1_000))
  useEffect(() => {
    if (until === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [until])
  return left
}
