// The server decides when a messaging window closes, so its clock is followed, not the browser's.

let offset = 0

/** Every answer carries the server's time to the second; a difference smaller than the network's noise is none. */
export function followServerClock(response: Response): void {
  const date = Date.parse(response.headers.get('Date') ?? '')
  if (Number.isNaN(date)) return
  const measured = date + 500 - Date.now()
  offset = Math.abs(measured) > 2_000 ? measured : 0
}

/** Milliseconds since the epoch, as the server counts them. */
export function serverNow(): number {
  return Date.now() + offset
}
