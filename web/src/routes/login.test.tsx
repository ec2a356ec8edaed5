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
    await waitFor(() => expect(router.state.location.pathname).toBe('/t/acme-kenya/inbox/mine'))
  })
})
