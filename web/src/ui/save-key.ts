import type { KeyboardEvent } from 'react'

/** ⌘S and Ctrl+S in a form do what its button does. */
export function saveKey(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 's' || !(event.metaKey || event.ctrlKey)) return
  event.preventDefault()
  event.currentTarget.requestSubmit()
}
