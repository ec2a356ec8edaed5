// Ways out of a session. All of them load the page anew: no cache, socket or timer of the old one can survive.

export function goToSignIn(returnTo?: string): void {
  const address = new URL('/login', window.location.origin)
  if (returnTo && returnTo !== '/') address.searchParams.set('redirect', returnTo)
  window.location.assign(address)
}

export function goToWorkspace(slug: string): void {
  window.location.assign(`/t/${encodeURIComponent(slug)}`)
}

/** What a person owes before anything else is answered; the page to go on to comes along. */
export function goToDuty(page: '/change-password' | '/setup-2fa'): void {
  const { pathname, search } = window.location
  if (pathname === page) return
  const address = new URL(page, window.location.origin)
  address.searchParams.set('redirect', pathname + search)
  window.location.assign(address)
}

/** The search parameters of a page that leads back to another. */
export function returnSearch(search: Record<string, unknown>): { redirect?: string } {
  return typeof search.redirect === 'string' ? { redirect: search.redirect } : {}
}

/** The search parameters of a page a mailed link leads to. */
export function tokenSearch(search: Record<string, unknown>): { token?: string } {
  // A token of digits alone arrives as a number.
  return typeof search.token === 'string' || typeof search.token === 'number' ? { token: String(search.token) } : {}
}

/** The page to return to after signing in: one of ours, never an address somebody else put into the link. */
export function safeReturn(path: string | undefined): string | undefined {
  // `//host` and `/\\host` are other hosts to a browser.
  if (!path?.startsWith('/') || /^\/[/\\]/.test(path)) return undefined
  const address = new URL(path, window.location.origin)
  return address.origin === window.location.origin ? address.pathname + address.search : undefined
}
