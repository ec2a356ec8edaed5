import { useCallback, useSyncExternalStore } from 'react'

export const media = {
  phone: '(max-width: 599.98px)',
  wide: '(min-width: 1280px)',
} as const

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
}
