/**
 * Runs `work` while no other tab of this browser profile holds the same name. Web Locks exist only in a secure
 * context; over plain http (development in a local network) each tab is on its own.
 */
export function withLock<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!navigator.locks) return work()
  return navigator.locks.request(name, signal ? { signal } : {}, work) as Promise<T>
}
