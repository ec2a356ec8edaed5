import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { config, meFactory } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'

test('UI-01: / leads to the inbox of who is signed in', async () => {
  stubServer({ 'GET /api/auth/me': () => ({ body: meFactory.owner() }) })
  const { router } = renderRoute('/')
  await waitFor(() => expect(router.state.location.pathname).toBe('/t/acme-kenya/inbox'))
})

test('UI-01, UI-30: a workspace begins at the first page of the role', async () => {
  for (const [first, ...permissions] of [
    ['/t/acme-kenya/inbox', 'conversation.view', 'settings.manage'],
    ['/t/acme-kenya/settings/audit', 'audit.view', 'team.view'],
    ['/t/acme-kenya/team', 'team.view'],
    ['/account/profile', 'dashboard.view'],
  ] as const) {
    const server = stubServer({ 'GET /api/auth/me': () => ({ body: meFactory.with(...permissions) }) })
    const { router, unmount } = renderRoute('/t/acme-kenya')
    await waitFor(() => expect(router.state.location.pathname).toBe(first))
    await screen.findByRole('navigation', { name: 'Main' })
    const inbox = first.endsWith('inbox')
    expect(screen.queryByRole('link', { name: 'Inbox' }) !== null).toBe(inbox)
    expect(server.calls.some((call) => call.path === '/api/conversations/counts')).toBe(inbox)
    unmount()
  }
})

test('UI-01: / leads to the sign-in of who is not', async () => {
  stubServer({
    'GET /api/auth/me': () => problem(401, 'unauthenticated'),
    'POST /api/auth/refresh': () => problem(401, 'unauthenticated'),
    'GET /api/config': () => ({ body: config() }),
  })
  const { router } = renderRoute('/')
  await waitFor(() => expect(router.state.location.pathname).toBe('/login'))
})

test('an unknown address, a workspace of others and a bad view are a page of their own', async () => {
  stubServer({ 'GET /api/auth/me': () => ({ body: meFactory.owner() }) })
  for (const path of ['/nowhere', '/404', '/t/somebody-else/inbox', '/t/acme-kenya/inbox/bogus']) {
    const { container, unmount } = renderRoute(path)
    expect(await screen.findByText('There is no such page')).toBeTruthy()
    await expectAccessible(container)
    unmount()
  }
})

test('a server that is away can be asked again', async () => {
  const server = stubServer({ 'GET /api/auth/me': () => problem(503, 'unavailable') })
  const { router } = renderRoute('/')
  const retry = await screen.findByRole('button', { name: 'Retry' })
  expect(screen.getByText(/unavailable · req12345/)).toBeTruthy()
  server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
  fireEvent.click(retry)
  await waitFor(() => expect(router.state.location.pathname).toBe('/t/acme-kenya/inbox'))
})
