import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { SetupState } from '@/api/types'
import { config, meFactory, noon, session } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'

const waiting: SetupState = {
  needed: true,
  checks: [
    { name: 'database', state: 'ok', value: null, detail: 'PostgreSQL 15' },
    { name: 'storage', state: 'ok', value: 41_200_000_000, detail: '' },
    { name: 'mail', state: 'warn', value: null, detail: '' },
    { name: 'clock', state: 'failed', value: 4000, detail: '4000 ms' },
  ],
  settings: { mode: 'saas', base_url: 'http://127.0.0.1:8080', fixed: [], mail: false },
}

function setup(path: string, state: SetupState = waiting) {
  const server = stubServer({
    'GET /api/config': () => ({ body: config({ setup_needed: state.needed }) }),
    'GET /api/setup': () => ({ body: state }),
    'GET /api/auth/me': () => problem(401, 'unauthenticated'),
    'POST /api/auth/refresh': () => problem(401, 'unauthenticated'),
  })
  return { server, ...renderRoute(path) }
}

async function fill() {
  for (const [label, value] of Object.entries({
    'Your name': 'Amina Yusuf',
    'E-mail': 'amina@acme.test',
    Password: 'nine plain words here',
  })) {
    fireEvent.change(await screen.findByLabelText(label), { target: { value } })
  }
}
const press = () => fireEvent.click(screen.getByRole('button', { name: 'Set up Baraza' }))

describe('TN-28: the first start', () => {
  test('leads from / to the set-up, which shows the machine and what to do', async () => {
    const { router, container } = setup('/')
    expect(await screen.findByText('41.2 GB free', { exact: false })).toBeTruthy()
    expect(router.state.location.pathname).toBe('/setup')
    expect(screen.getByText(/Turn on time synchronisation/)).toBeTruthy()
    expect(screen.getByText(/links are shown on screen/)).toBeTruthy()
    expect(screen.getByText(/open the link the program printed/)).toBeTruthy()
    expect(screen.queryByLabelText('Password')).toBeNull()
    await expectAccessible(container)
  })

  test('makes the admin and leads to the second factor', async () => {
    const { server, router, container } = setup('/setup?token=abc')
    server.on('POST /api/setup', () => ({
      status: 201,
      body: { ...session(), tenant: null, mfa_setup_required: true },
    }))
    await fill()
    expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('new-password')
    expect(screen.getByText(/Without HTTPS/)).toBeTruthy()
    await expectAccessible(container)
    server.on('GET /api/auth/me', () => ({ body: meFactory.operator() }))
    press()
    await waitFor(() => expect(router.state.location.pathname).toBe('/setup-2fa'))
    expect(server.calls.find((call) => call.method === 'POST' && call.path === '/api/setup')?.body).toEqual({
      token: 'abc',
      name: 'Amina Yusuf',
      email: 'amina@acme.test',
      password: 'nine plain words here',
      mode: 'saas',
      base_url: null,
    })
  })

  test('says why a link is not good', async () => {
    const { server } = setup('/setup?token=abc')
    server.on('POST /api/setup', () => problem(401, 'invalid_credentials'))
    await fill()
    press()
    expect((await screen.findByRole('alert')).textContent).toContain('not the link the program printed last')
    server.on('POST /api/setup', () => problem(410, 'expired'))
    press()
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('has run out or was used'))
  })

  test('is over once it is done', async () => {
    const { container } = setup('/setup?token=abc', { needed: false, checks: [], settings: null })
    expect(await screen.findByRole('heading', { name: 'Set-up is done' })).toBeTruthy()
    await expectAccessible(container)
  })
})

describe('OP-20, TN-05: the platform', () => {
  const settings = {
    mode: 'saas',
    signup_open: true,
    base_url: 'https://chat.example.org',
    base_url_now: 'https://chat.example.org',
    fixed: ['base_url'],
    mail: { server: false, from: 'Baraza <no-reply@localhost>' },
  }
  function operate(path: string, me = meFactory.operator()) {
    const server = stubServer({
      'GET /api/config': () => ({ body: config() }),
      'GET /api/auth/me': () => ({ body: me }),
      'GET /api/platform/settings': () => ({ body: settings, headers: { ETag: '"v1"' } }),
      'GET /api/platform/mailbox': () => ({ body: { items: [], next_cursor: null } }),
    })
    return { server, ...renderRoute(path) }
  }

  test('shows what the environment decides, and changes the rest', async () => {
    const { server, container } = operate('/')
    server.on('PUT /api/platform/settings', ({ body }) => ({ body: { ...settings, ...(body as object) } }))
    expect(await screen.findByText(/Set by BARAZA_BASE_URL/)).toBeTruthy()
    expect(screen.getByLabelText('Where people reach this installation').hasAttribute('readonly')).toBe(true)
    fireEvent.click(screen.getByLabelText('Let people sign up'))
    await expectAccessible(container)
    fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() =>
      expect(server.calls.findLast((call) => call.method === 'PUT')?.body).toEqual({
        mode: 'saas',
        signup_open: false,
        base_url: 'https://chat.example.org',
      }),
    )
  })

  test('sends a letter to oneself, and shows what a mail server said', async () => {
    const { server } = operate('/platform/settings')
    server.on('POST /api/platform/mail/test', () => ({ body: { to: 'wanjiku@acme.test', kept: true } }))
    fireEvent.click(await screen.findByRole('button', { name: 'Send test to me' }))
    expect((await screen.findByText(/is in the mailbox/)).textContent).toContain('wanjiku@acme.test')
    server.on('POST /api/platform/mail/test', () =>
      problem(502, 'provider_error', { provider: { message: '535 go away' } }),
    )
    fireEvent.click(screen.getByRole('button', { name: 'Send test to me' }))
    expect((await screen.findByRole('alert')).textContent).toContain('535 go away')
  })

  test('shows the letters nobody sent, or that there are none', async () => {
    const { server, container } = operate('/platform/mailbox')
    expect(await screen.findByText('No letters yet')).toBeTruthy()
    await expectAccessible(container)
    server.on('GET /api/platform/mailbox', () => ({
      body: {
        items: [
          {
            id: '1',
            to: 'sarah@acme.test',
            subject: 'You are invited',
            text: 'Hello,\n\nhttp://127.0.0.1:8080/invite/abc\n\nBaraza',
            html: '',
            created_at: noon,
          },
        ],
        next_cursor: null,
      },
    }))
    expect(
      await screen.findByRole('link', { name: 'http://127.0.0.1:8080/invite/abc' }, { timeout: 20_000 }),
    ).toBeTruthy()
    await expectAccessible(container)
  })

  test('is closed to others, and says so', async () => {
    const me = meFactory.operator()
    operate('/platform/mailbox', { ...me, user: { ...me.user, platform_role: null } })
    expect(await screen.findByText(/platform.settings/)).toBeTruthy()
  })
})
