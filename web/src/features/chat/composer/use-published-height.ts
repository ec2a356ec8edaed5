import { type RefObject, useEffect } from 'react'

/** Tells the page how tall the composer is (`--composer`), so that nothing floats over what is being written. */
export function usePublishedHeight(composer: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = composer.current
    if (!element) return
    const { style } = document.documentElement
    const observer = new ResizeObserver(() => style.setProperty('--composer', `${element.offsetHeight}px`))
    observer.observe(element)
    return () => {
      observer.disconnect()
      style.removeProperty('--composer')
    }
  }, [composer])
}
