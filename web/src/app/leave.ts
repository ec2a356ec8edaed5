// Ways out of a session. All of them load the page anew: no cache, socket or timer of the old one can survive.

export function goToSignIn(returnTo?: string): void {
  const address = new URL('/login', window.location.origin)
  if (returnTo && returnTo !== '/') address.searchParams.set('redirect', returnTo)
  window.location.assign(address)
}

export function goToWorkspace(slug: string): void {
  window.location.assign(`/t/${encodeURIComponent(slug)}/inbox`)
}

/** The page to return to after signing in: one of ours, never an address somebody else put into the link. */
export function safeReturn(path: string | undefined): string | undefined {
  // `//host` and `/\\host` are other hosts to a browser.
  if (!path?.startsWith('/') || /^\/[/\\]/.test(path)) return undefined
  const address = new URL(path, window.location.origin)
  return address.origin === window.location.origin ? address.pathname + address.search : undefined
}
