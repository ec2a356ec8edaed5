import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Invited } from '@/api/types'
import { config, meFactory, messagePage, session, user } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

const invited: Invited = {
  tenant_name: 'Acme Kenya',
  email: user.email,
  inviter: 'Sarah Njeri',
  role: 'Agent',
  role_key: 'agent',
  permissions: ['conversation.view', 'conversation.reply'],
  existing_user: true,
}

function setup(invitation: Partial<Invited> = {}) {
  stubSockets()
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => problem(401, 'unauthenticated'),
    'POST /api/auth/refresh': () => problem(401, 'unauthenticated'),
    'GET /api/auth/invitations/:token': () => ({ body: { ...invited, ...invitation } }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
  })
  return { server, ...renderRoute('/invite/t0ken') }
}

/** The link no longer works, for a reason. */
function setupOver(reason?: string) {
  const shown = setup()
  shown.server.on('GET /api/auth/invitations/:token', () =>
    problem(410, 'expired', reason ? { reason, inviter: 'Sarah Njeri', tenant_name: 'Acme Kenya' } : {}),
  )
  return shown
}

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })
const heading = (name: string | RegExp) => screen.findByRole('heading', { name })
const accepted = ({ calls }: { calls: { method: string; path: string; body: unknown }[] }) =>
  calls.filter(({ method, path }) => method === 'POST' && path === '/api/auth/invitations/t0ken/accept')

describe('TN-06, UI-02: an invitation', () => {
  test('makes a new person an account at the invited address, and leads into the workspace', async () => {
    const { server, container, router } = setup({ existing_user: false })
    server.on('POST /api/auth/invitations/:token/accept', () => {
      server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
      return { body: session() }
    })
    await heading(/Join .*Acme Kenya/)
    expect(screen.getByText(/Sarah Njeri.* invites you/)).toBeTruthy()
    expect(screen.getByText(/Your role: .*Agent/)).toBeTruthy()
    expect(screen.getByLabelText('E-mail')).toHaveProperty('readOnly', true)
    await expectAccessible(container)
    type('Your name', 'Wanjiku Mwangi')
    type('Password', 'nine other plain words')
    fireEvent.click(screen.getByRole('button', { name: /Join .*Acme Kenya/ }))
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/t\/acme-kenya/))
    expect(accepted(server).map(({ body }) => body)).toEqual([
      { name: 'Wanjiku Mwangi', password: 'nine other plain words' },
    ])
  })

  test('asks who has an account to sign in, and to come back', async () => {
    const { container } = setup()
    await heading(/Join .*Acme Kenya/)
    expect(screen.getByText(/There is an account for .*wanjiku@acme\.test/)).toBeTruthy()
    const link = screen.getByRole('link', { name: 'Sign in' })
    expect(new URL(link.getAttribute('href') ?? '', 'https://baraza.test').searchParams.get('redirect')).toBe(
      '/invite/t0ken',
    )
    expect(screen.queryByLabelText('Password')).toBeNull()
    await expectAccessible(container)
  })

  test('takes one press of who is signed in at that address, however it is written', async () => {
    const { server, router } = setup({ email: 'Wanjiku@Acme.test' })
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    server.on('POST /api/auth/invitations/:token/accept', () => ({ body: session() }))
    fireEvent.click(await screen.findByRole('button', { name: /Join .*Acme Kenya/ }))
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/t\/acme-kenya/))
    expect(accepted(server)).toHaveLength(1)
  })

  test('says to a member that they are one already', async () => {
    const { server } = setup()
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    server.on('POST /api/auth/invitations/:token/accept', () => problem(409, 'already_exists'))
    fireEvent.click(await screen.findByRole('button', { name: /Join .*Acme Kenya/ }))
    expect((await screen.findByRole('alert')).textContent).toContain('You are a member of this workspace already.')
  })

  test('lets nobody in who is signed in as somebody else: they sign out, and it goes on', async () => {
    const { server, container } = setup({ email: 'amina@acme.test', existing_user: false })
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    server.on('POST /api/auth/logout', () => {
      server.on('GET /api/auth/me', () => problem(401, 'unauthenticated'))
      return { status: 204 }
    })
    expect((await screen.findByRole('status', { name: '' })).textContent).toMatch(
      /for .*amina@acme\.test.* signed in as .*wanjiku@acme\.test/,
    )
    expect(screen.queryByRole('button', { name: /Join/ })).toBeNull()
    expect(screen.getByRole('link', { name: /Stay as .*Wanjiku Mwangi/ }).getAttribute('href')).toBe('/')
    await expectAccessible(container)
    fireEvent.click(screen.getByRole('button', { name: 'Sign out and go on' }))
    expect(await screen.findByLabelText('E-mail')).toHaveProperty('value', 'amina@acme.test')
    expect(accepted(server)).toEqual([])
  })

  test('stays where it is when signing out fails', async () => {
    const { server } = setup({ email: 'amina@acme.test' })
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    server.on('POST /api/auth/logout', () => problem(500, 'internal'))
    fireEvent.click(await screen.findByRole('button', { name: 'Sign out and go on' }))
    expect(await screen.findByRole('alert')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Sign out and go on' })).toBeTruthy()
  })
})

describe('TN-06: an invitation that is over', () => {
  test('that ran out is to be sent again, by whom is said', async () => {
    const { container } = setupOver('expired')
    await heading('This invitation ran out')
    expect(screen.getByText(/Ask .*Sarah Njeri.* of .*Acme Kenya.* to send it again/)).toBeTruthy()
    await expectAccessible(container)
  })

  test('that was taken back is said to be so', async () => {
    setupOver('revoked')
    await heading('This invitation was taken back')
    expect(screen.getByText(/ask .*Sarah Njeri/)).toBeTruthy()
  })

  test('that was accepted leads to the sign-in', async () => {
    setupOver('accepted')
    await heading('Already used')
    expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/login')
  })

  test('that was accepted leads who is signed in to their workspace', async () => {
    const { server } = setupOver('accepted')
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    await heading('Already used')
    expect((await screen.findByRole('link', { name: 'Go to the workspace' })).getAttribute('href')).toBe('/')
  })

  test('that nobody knows says nothing of a workspace', async () => {
    const { container } = setupOver()
    await heading('This link does not work')
    expect(container.textContent).not.toContain('Acme')
    expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy()
  })

  test('is no verdict when the server does not answer: it can be tried again', async () => {
    const { server } = setup()
    let answers = false
    server.on('GET /api/auth/invitations/:token', () => (answers ? { body: invited } : 'network'))
    const again = await screen.findByRole('button', { name: 'Retry' })
    answers = true
    fireEvent.click(again)
    await heading(/Join .*Acme Kenya/)
  })
})

test('TN-06: who comes too late asks the inviter for another link', async () => {
  const { server, container } = setupOver('expired')
  server.on('POST /api/auth/invitations/:token/remind', () => ({ status: 204 }))
  fireEvent.click(await screen.findByRole('button', { name: /Ask .*Sarah Njeri.* to send it again/ }))
  expect(await screen.findByText(/is told\. The new link comes to you by mail/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: /Ask/ })).toBeNull()
  expect(server.calls.filter(({ path }) => path === '/api/auth/invitations/t0ken/remind')).toHaveLength(1)
  await expectAccessible(container)
})
