// "Open and write" crosses a navigation: the wish waits here until the composer of that conversation stands.

const selector = 'textarea[data-conversation]'

let wished: string | null = null

export function requestComposerFocus(conversationId: string): void {
  wished = conversationId
  const composer = document.querySelector<HTMLTextAreaElement>(selector)
  if (composer) takeRequestedFocus(composer)
}

/** Called by a composer that has just been mounted, too. */
export function takeRequestedFocus(composer: HTMLTextAreaElement): void {
  if (wished === null || composer.dataset.conversation !== wished) return
  wished = null
  // After the key that asked has done its own work, such as following a link.
  setTimeout(() => composer.focus())
}
