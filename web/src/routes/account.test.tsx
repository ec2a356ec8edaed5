import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { LoginSession, Me } from '@/api/types'
import { config, meFactory, messagePage, noon, session, user } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

function setup(path: string, change: Partial<Me['user']> = {}) {
  stubSockets()
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: { ...meFactory.owner(), user: { ...user, ...change } } }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
    'GET /api/auth/sessions': () => ({ body: { items: [here, there], next_cursor: null } }),
  })
  return { server, ...renderRoute(path) }
}

function login(id: string, change: Partial<LoginSession>): LoginSession {
  return {
    id,
    current: false,
    ip: '198.51.100.7',
    device: 'Firefox, Linux',
    user_agent: 'Mozilla/5.0',
    created_at: noon,
    last_seen_at: noon,
    ...change,
  }
}
const here = login('a', { current: true })
const there = login('b', { device: 'Safari, iPhone', ip: '203.0.113.9' })

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))

describe('UI-08, TN-03: the profile', () => {
  test('is changed and saved, by the key as well', async () => {
    const { server, container } = setup('/account/profile')
    server.on('PATCH /api/auth/me', ({ body }) => ({
      body: { ...meFactory.owner(), user: { ...user, ...(body as object) } },
    }))
    const name = await screen.findByLabelText('Your name')
    await expectAccessible(container)
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true)
    fireEvent.change(name, { target: { value: 'Wanjiku N. Mwangi' } })
    type('Time zone', 'Asia/Riyadh')
    expect(await screen.findByText('Not saved yet')).toBeTruthy()
    fireEvent.keyDown(name, { key: 's', ctrlKey: true })
    expect(await screen.findByText('Saved')).toBeTruthy()
    expect(server.calls.find((call) => call.method === 'PATCH')?.body).toEqual({
      name: 'Wanjiku N. Mwangi',
      locale: 'en',
      timezone: 'Asia/Riyadh',
    })
  })

  test('asks before leaving with something unsaved', async () => {
    const { router } = setup('/account/profile')
    fireEvent.change(await screen.findByLabelText('Your name'), { target: { value: 'Somebody else' } })
    await screen.findByText('Not saved yet')
    fireEvent.click(screen.getByRole('link', { name: 'Sign-in and security' }))
    expect(await screen.findByRole('dialog', { name: 'Leave without saving?' })).toBeTruthy()
    await press('Stay')
    expect(router.state.location.pathname).toBe('/account/profile')
  })

  test('sends the confirmation of an address again, and says when it will not', async () => {
    const { server } = setup('/account/profile', { email_verified: false })
    server.on('POST /api/auth/email/resend', () => ({
      ...(problem(429, 'too_many_attempts') as object),
      headers: { 'Retry-After': '7200' },
    }))
    await press('Send again')
    expect((await screen.findByRole('alert')).textContent).toContain('2h')
  })
})

describe('UI-08, TN-10, TN-12, TN-13: sign-in and security', () => {
  test('lists where the person is signed in, and ends one', async () => {
    const { server, container } = setup('/account/security')
    const list = await screen.findByRole('list', { name: 'Where you are signed in' })
    expect(within(list).getAllByRole('listitem')).toHaveLength(2)
    expect(within(list).getByText('This session')).toBeTruthy()
    expect(list.textContent).toContain('203.0.113.9')
    await expectAccessible(container)
    server.on('DELETE /api/auth/sessions/:id', () => ({ status: 204 }))
    server.on('GET /api/auth/sessions', () => ({ body: { items: [here], next_cursor: null } }))
    await press('End the session on Safari, iPhone')
    await waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(1))
    expect(server.calls.some((call) => call.method === 'DELETE' && call.path === '/api/auth/sessions/b')).toBe(true)
  })

  test('ends all others after asking', async () => {
    const { server } = setup('/account/security')
    server.on('DELETE /api/auth/sessions', () => ({ status: 204 }))
    await press('End all others')
    const dialog = await screen.findByRole('dialog', { name: 'End 1 other session?' })
    fireEvent.click(within(dialog).getByRole('button', { name: 'End all others' }))
    await waitFor(() => expect(server.calls.some((call) => call.method === 'DELETE')).toBe(true))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  test('says that the sessions could not be loaded, and tries again', async () => {
    const { server } = setup('/account/security')
    server.on('GET /api/auth/sessions', () => problem(500, 'internal'))
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('Your sessions could not be loaded')
    server.on('GET /api/auth/sessions', () => ({ body: { items: [here], next_cursor: null } }))
    await press('Retry')
    expect(await screen.findByText('This session')).toBeTruthy()
  })

  test('changes the password in a dialog', async () => {
    const { server } = setup('/account/security')
    server.on('POST /api/auth/password', () => ({ body: session() }))
    await press('Change password')
    const dialog = await screen.findByRole('dialog', { name: 'Change password' })
    type('Current password', 'nine plain words here')
    type('New password', 'nine other plain words')
    fireEvent.click(within(dialog).getByRole('button', { name: 'Change password' }))
    expect(await screen.findByText(/signed out everywhere else\.$/)).toBeTruthy()
  })

  test('renews the recovery codes, and says why two-factor sign-in stays on', async () => {
    const { server } = setup('/account/security', { totp_enabled: true })
    server.on('POST /api/auth/2fa/recovery-codes', () => ({ body: { recovery_codes: ['aaaaa-11111'] } }))
    server.on('POST /api/auth/2fa/disable', () => problem(403, 'mfa_setup_required'))
    await press('New recovery codes')
    const prove = async (action: string) => {
      const dialog = await screen.findByRole('dialog')
      type('Current password', 'nine plain words here')
      type('Code of the app', '123456')
      fireEvent.click(within(dialog).getByRole('button', { name: action }))
    }
    await prove('New recovery codes')
    expect(await screen.findByText('aaaaa-11111')).toBeTruthy()
    await press('I have kept them')
    await press('Turn off')
    await prove('Turn off')
    expect((await screen.findByRole('alert')).textContent).toContain('Your workspace requires')
  })
})
