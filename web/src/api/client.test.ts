import { describe, expect, test } from 'vitest'
import { meFactory, session } from '@/test/factories'
import { problem, stubServer } from '@/test/server'
import { call, client } from './client'
import { Problem } from './problem'

const me = () => call(client.GET('/api/auth/me'))

/** A server whose access tokens have run out until somebody refreshes. */
function expired(code = 'token_expired') {
  let fresh = false
  const server = stubServer({
    'GET /api/auth/me': () => (fresh ? { body: meFactory.owner() } : problem(401, code)),
    'POST /api/auth/refresh': () => {
      fresh = true
      return { body: session() }
    },
  })
  return { server, refreshes: () => server.calls.filter((item) => item.path === '/api/auth/refresh').length }
}

describe('an expired session', () => {
  test('is renewed once for all calls that meet it, and each is repeated', async () => {
    const { refreshes } = expired()
    const answers = await Promise.all([me(), me(), me()])
    expect(answers.map((answer) => answer.user.name)).toEqual(Array(3).fill('Wanjiku Mwangi'))
    expect(refreshes()).toBe(1)
  })

  test('is not renewed again when another tab has done so meanwhile', async () => {
    const { server, refreshes } = expired()
    server.on('GET /api/auth/me', () => {
      if (localStorage.getItem('baraza.refreshed_at')) return { body: meFactory.owner() }
      localStorage.setItem('baraza.refreshed_at', String(Date.now() + 1))
      return problem(401, 'token_expired')
    })
    await me()
    expect(refreshes()).toBe(0)
  })

  test('repeats the body of a write', async () => {
    const { server } = expired()
    let tries = 0
    server.on('POST /api/messages/:id/retry', () => {
      tries += 1
      return tries === 1 ? problem(401, 'token_expired') : { body: {} }
    })
    const params = { path: { id: 'm1' } }
    await call(client.POST('/api/messages/{id}/retry', { params, body: { force: true } }))
    const bodies = server.calls.filter((item) => item.path.endsWith('/retry')).map((item) => item.body)
    expect(bodies).toEqual([{ force: true }, { force: true }])
  })

  test('that cannot be renewed is a 401', async () => {
    const { server } = expired()
    server.on('POST /api/auth/refresh', () => problem(401, 'session_revoked'))
    await expect(me()).rejects.toMatchObject({ status: 401, code: 'token_expired' })
  })

  test('with no way to the server is a failed call, not a sign-out', async () => {
    const { server } = expired()
    server.on('POST /api/auth/refresh', () => 'network')
    await expect(me()).rejects.toMatchObject({ status: 0, code: 'network' })
  })
})

describe('problems', () => {
  test('a revoked session is not refreshed', async () => {
    const { refreshes } = expired('session_revoked')
    await expect(me()).rejects.toMatchObject({ code: 'session_revoked' })
    expect(refreshes()).toBe(0)
  })

  test('carry code, request id, fields, the missing permission and the wait', async () => {
    stubServer({
      'GET /api/auth/me': () => ({
        ...(problem(403, 'permission_denied', { permission: 'conversation.view' }) as object),
        headers: { 'Retry-After': '7' },
      }),
    })
    const refused = await me().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Problem)
    expect(refused).toMatchObject({
      code: 'permission_denied',
      requestId: 'req12345',
      permission: 'conversation.view',
      retryAfter: 7,
    })
  })

  test("a proxy's page instead of a problem still says whether trying again may help", async () => {
    stubServer({ 'GET /api/auth/me': () => ({ status: 502, body: 'Bad gateway' }) })
    await expect(me()).rejects.toMatchObject({ status: 502, code: 'unavailable', passing: true })
  })
})
