import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { config, meFactory, messagePage, session } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'

function setup(path = '/login') {
  const server = stubServer({ 'GET /api/config': () => ({ body: config() }) })
  return { server, ...renderRoute(path) }
}

async function signIn(password = 'nine plain words here') {
  fireEvent.change(await screen.findByLabelText('E-mail'), { target: { value: 'wanjiku@acme.test' } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } })
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
}

describe('UI-02: signing in', () => {
  test('is a form that password managers understand', async () => {
    const { container } = setup()
    expect(await screen.findByLabelText('E-mail')).toHaveProperty('autocomplete', 'username')
    expect(screen.getByLabelText('Password')).toHaveProperty('autocomplete', 'current-password')
    expect(await screen.findByRole('link', { name: 'Create a new workspace' })).toBeTruthy()
    await expectAccessible(container)
  })

  test('hides sign-up where it is closed', async () => {
    const { server } = setup()
    server.on('GET /api/config', () => ({ body: config({ signup_enabled: false }) }))
    await screen.findByLabelText('E-mail')
    await waitFor(() => expect(server.calls.some((call) => call.path === '/api/config')).toBe(true))
    expect(screen.queryByRole('link', { name: 'Create a new workspace' })).toBeNull()
  })

  test('says the same for an unknown e-mail and a wrong password', async () => {
    const { server } = setup()
    server.on('POST /api/auth/login', () => problem(401, 'invalid_credentials'))
    await signIn()
    expect((await screen.findByRole('alert')).textContent).toBe('E-mail or password is not right.')
  })

  test('counts down when it is limited', async () => {
    const { server } = setup()
    server.on('POST /api/auth/login', () => ({
      ...(problem(429, 'too_many_attempts') as object),
      headers: { 'Retry-After': '42' },
    }))
    await signIn()
    expect((await screen.findByRole('alert')).textContent).toContain('42 seconds')
    expect(screen.getByRole('button', { name: 'Try again in 42 s' })).toHaveProperty('disabled', true)
  })

  test('says long waits in minutes', async () => {
    const { server } = setup()
    server.on('POST /api/auth/login', () => ({
      ...(problem(429, 'too_many_attempts') as object),
      headers: { 'Retry-After': '900' },
    }))
    await signIn()
    expect((await screen.findByRole('alert')).textContent).toBe('Too many attempts. Try again in 15m.')
  })

  test('names what is missing before anything is sent', async () => {
    const { server } = setup()
    fireEvent.click(await screen.findByRole('button', { name: 'Sign in' }))
    expect(await screen.findByText('Enter your password.')).toBeTruthy()
    expect(server.calls.some((call) => call.path === '/api/auth/login')).toBe(false)
  })

  test('returns to the page that was asked for', async () => {
    const { server, router } = setup('/login?redirect=%2Ft%2Facme-kenya%2Finbox%2Fmine')
    server.on('POST /api/auth/login', () => ({ body: session() }))
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    server.on('GET /api/conversations', () => ({ body: messagePage([]) }))
    await signIn()
    await waitFor(() => expect(router.state.location.pathname).toMatch('/t/acme-kenya/inbox'))
  })
})

describe('TN-11, TN-12: the second step of signing in', () => {
  function challenged(methods: string[]) {
    const stub = setup()
    stub.server.on('POST /api/auth/login', ({ body }) => {
      const { totp, recovery_code } = body as { totp?: string; recovery_code?: string }
      if (!totp && !recovery_code) return problem(401, 'totp_required', { methods })
      return totp === '123456' || recovery_code === 'abcde-fghjk' ? { body: session() } : problem(401, 'totp_invalid')
    })
    stub.server.on('POST /api/auth/login/code', () => ({ status: 202 }))
    stub.server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    stub.server.on('GET /api/conversations', () => ({ body: messagePage([]) }))
    return stub
  }

  async function answer(label: string, code: string) {
    fireEvent.change(await screen.findByLabelText(label), { target: { value: code } })
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  }

  test('takes the code of the app, typed with a space, and has the focus there', async () => {
    const { server, container, router } = challenged(['totp', 'recovery_code'])
    await signIn()
    const field = await screen.findByLabelText('Code of the app')
    expect(field).toHaveProperty('autocomplete', 'one-time-code')
    expect(document.activeElement).toBe(field)
    await expectAccessible(container)
    await answer('Code of the app', '123 456')
    await waitFor(() => expect(router.state.location.pathname).toMatch('/t/acme-kenya/inbox'))
    expect(server.calls.some((call) => call.path === '/api/auth/login/code')).toBe(false)
  })

  test('says what to do about a wrong code, and empties the field', async () => {
    challenged(['totp', 'recovery_code'])
    await signIn()
    await answer('Code of the app', '000000')
    expect((await screen.findByRole('alert')).textContent).toContain('Wait for the next one')
    expect(screen.getByLabelText('Code of the app')).toHaveProperty('value', '')
  })

  test('takes a recovery code instead', async () => {
    const { router } = challenged(['totp', 'recovery_code'])
    await signIn()
    fireEvent.click(await screen.findByRole('button', { name: 'Use a recovery code' }))
    await answer('Recovery code', 'abcde-fghjk')
    await waitFor(() => expect(router.state.location.pathname).toMatch('/t/acme-kenya/inbox'))
  })

  test('mails a code to a new device by itself, once, and another one only after a while', async () => {
    const { server } = challenged(['email'])
    await signIn()
    await screen.findByLabelText('Code from the mail')
    const mails = () => server.calls.filter((call) => call.path === '/api/auth/login/code').length
    await waitFor(() => expect(mails()).toBe(1))
    expect(await screen.findByRole('button', { name: /Mail another code in \d+ s/ })).toHaveProperty('disabled', true)
    expect(screen.queryByRole('button', { name: 'Use a recovery code' })).toBeNull()
  })

  test('says when no more codes are mailed', async () => {
    const { server } = challenged(['email'])
    server.on('POST /api/auth/login/code', () => ({
      ...(problem(429, 'too_many_attempts') as object),
      headers: { 'Retry-After': '7200' },
    }))
    await signIn()
    expect((await screen.findByRole('alert')).textContent).toBe('Too many attempts. Try again in 2h 0m.')
  })

  test('leads who owes a second factor to its set-up', async () => {
    const { server, router } = setup('/login?redirect=%2Ft%2Facme-kenya%2Finbox%2Fall')
    server.on('POST /api/auth/login', () => ({ body: { ...session(), mfa_setup_required: true } }))
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    await signIn()
    await waitFor(() => expect(router.state.location.pathname).toBe('/setup-2fa'))
    expect(router.state.location.search).toEqual({ redirect: '/t/acme-kenya/inbox/all' })
  })
})
