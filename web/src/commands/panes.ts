/** Moves the focus to the next pane on the screen, in the order of the document; F6, and back with ⇧F6. */
export function cyclePanes(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null)
  if (panes.length === 0) return
  const current = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = current < 0 ? 0 : (current + step + panes.length) % panes.length
  const pane = panes[next]
  const first = pane?.querySelector<HTMLElement>('[data-pane-focus]')
  ;(first ?? pane)?.focus()
}
