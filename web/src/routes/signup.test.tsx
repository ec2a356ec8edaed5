import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { config, meFactory, session } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'

function setup(change: Parameters<typeof config>[0] = {}) {
  const server = stubServer({ 'GET /api/config': () => ({ body: config(change) }) })
  return { server, ...renderRoute('/signup') }
}

async function fill(values: Record<string, string> = {}) {
  const all = {
    Workspace: 'Acme Kenya',
    'Your name': 'Wanjiku',
    'E-mail': 'w@acme.test',
    Password: 'nine plain words',
    ...values,
  }
  for (const [label, value] of Object.entries(all)) {
    fireEvent.change(await screen.findByLabelText(label), { target: { value } })
  }
  fireEvent.click(screen.getByRole('button', { name: 'Create workspace' }))
}

describe('UI-02: signing up', () => {
  test('creates the workspace, says that a mail was sent, and opens it', async () => {
    const { server, router, container } = setup()
    server.on('POST /api/auth/register', () => ({ status: 201, body: session() }))
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    await screen.findByLabelText('Workspace')
    await expectAccessible(container)
    await fill()
    expect((await screen.findByRole('status')).textContent).toMatch(/mailed a link to .wanjiku@acme.test/)
    expect(screen.getByRole('button', { name: /Send again in \d+ s/ })).toHaveProperty('disabled', true)
    await expectAccessible(container)
    fireEvent.click(screen.getByRole('link', { name: 'Go to the workspace' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/t/acme-kenya/inbox'))
    expect(server.calls.find((call) => call.path === '/api/auth/register')?.body).toEqual({
      tenant_name: 'Acme Kenya',
      name: 'Wanjiku',
      email: 'w@acme.test',
      password: 'nine plain words',
    })
  })

  test('checks a password before sending, and shows what the server says of a field', async () => {
    const { server } = setup()
    await fill({ Password: 'short' })
    expect(await screen.findByText('Use 8 to 128 characters.')).toBeTruthy()
    server.on('POST /api/auth/register', () =>
      problem(422, 'validation_failed', {
        errors: [{ field: 'password', code: 'too_common', detail: 'is one of the passwords everybody tries' }],
      }),
    )
    await fill()
    expect(await screen.findByText(/passwords that are tried first/)).toBeTruthy()
  })

  test('says that an e-mail is taken', async () => {
    const { server } = setup()
    server.on('POST /api/auth/register', () => problem(409, 'already_exists'))
    await fill()
    expect((await screen.findByRole('alert')).textContent).toContain('Sign in instead')
  })

  test('is a page that says so where it is closed', async () => {
    setup({ signup_enabled: false })
    expect(await screen.findByRole('heading', { name: 'Sign-up is closed' })).toBeTruthy()
    expect(screen.queryByLabelText('Workspace')).toBeNull()
  })
})
