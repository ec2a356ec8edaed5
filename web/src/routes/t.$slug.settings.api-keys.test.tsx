import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { ApiKey } from '@/api/types'
import { config, meFactory, messagePage, noon } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

const key = (change: Partial<ApiKey> = {}): ApiKey => ({
  id: 'k',
  name: 'Web shop',
  kind: 'server',
  prefix: 'sk_abcdefgh',
  scopes: ['channel.view'],
  ip_allow: ['203.0.113.0/24'],
  created_by: null,
  created_at: noon,
  expires_at: null,
  last_used_at: null,
  previous_until: null,
  revoked_at: null,
  ...change,
})
const secret = 'sk_an-invented-secret-for-a-test'

function setup(items: ApiKey[], permissions = ['apikey.manage']) {
  stubSockets()
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: meFactory.with('conversation.view', ...permissions) }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
    'GET /api/api-keys': () => ({ body: { items, next_cursor: null } }),
    'GET /api/permissions': () => ({
      body: {
        items: ['channel.view', 'conversation.reply', 'role.manage'].map((name) => ({
          name,
          held: true,
          scoped: false,
          description: `Means ${name}`,
        })),
      },
    }),
  })
  return { server, ...renderRoute('/t/acme-kenya/settings/api-keys') }
}

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }))
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })

describe('TN-14, UI-09: API keys', () => {
  test('are made; the secret is shown once, until it is said to be saved', async () => {
    const { server, container } = setup([])
    expect((await screen.findByText(/^curl/)).textContent).toContain('/api/channels')
    await expectAccessible(container)
    server.on('POST /api/api-keys', () => ({ status: 201, body: { ...key(), secret } }))
    fireEvent.click((await screen.findAllByRole('button', { name: 'New key' }))[0] as HTMLElement)
    await press('Create key')
    expect(await screen.findByText('Choose what the key may do.')).toBeTruthy()
    type('Name', 'Web shop')
    type('Last day', '')
    type('Allowed addresses', '203.0.113.0/24')
    expect(screen.queryByRole('checkbox', { name: /role.manage/ })).toBeNull()
    fireEvent.click(screen.getByRole('checkbox', { name: /channel.view/ }))
    await expectAccessible(container)
    await press('Create key')
    expect((await screen.findByRole('status', { name: 'Secret' })).textContent).toBe(secret)
    expect(server.calls.findLast((call) => call.method === 'POST' && call.path === '/api/api-keys')?.body).toEqual({
      name: 'Web shop',
      kind: 'server',
      scopes: ['channel.view'],
      expires_at: null,
      ip_allow: ['203.0.113.0/24'],
    })
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull()
    await press('I have saved it')
    await waitFor(() => expect(document.body.textContent).not.toContain(secret))
  })

  test('say beside the field what the server has against it', async () => {
    const { server } = setup([])
    server.on('POST /api/api-keys', () =>
      problem(422, 'validation_failed', { errors: [{ field: 'ip_allow.0', code: 'invalid', detail: 'x' }] }),
    )
    fireEvent.click((await screen.findAllByRole('button', { name: 'New key' }))[0] as HTMLElement)
    type('Name', 'Till')
    fireEvent.click(screen.getByRole('radio', { name: /^Log intake/ }))
    await press('Create key')
    expect(await screen.findByText(/This is no list of addresses/)).toBeTruthy()
  })

  test('are rotated with an overlap, and the old secret’s end is shown', async () => {
    const { server } = setup([key({ previous_until: '2126-11-22T12:00:00.000Z' })])
    server.on('POST /api/api-keys/:id/rotate', () => ({ body: { ...key(), secret } }))
    expect(await screen.findByText(/The secret before this one works until/)).toBeTruthy()
    await press('Rotate the secret of Web shop')
    fireEvent.change(screen.getByLabelText('The old secret goes on for'), { target: { value: '72' } })
    await press('Make a new secret')
    expect((await screen.findByRole('status', { name: 'Secret' })).textContent).toBe(secret)
    expect(server.calls.findLast((call) => call.path.endsWith('/rotate'))?.body).toEqual({ overlap_hours: 72 })
  })

  test('keep their end when only the name is changed', async () => {
    const expires_at = '2126-11-22T12:34:56.000Z'
    const { server } = setup([key({ expires_at })])
    server.on('PATCH /api/api-keys/:id', () => problem(403, 'permission_denied'))
    await press('Edit Web shop')
    type('Name', 'Till')
    await press('Save')
    expect(await screen.findByText(/You cannot give a key more than you may yourself/)).toBeTruthy()
    expect(server.calls.findLast((call) => call.method === 'PATCH')?.body).toEqual({
      name: 'Till',
      expires_at,
      ip_allow: ['203.0.113.0/24'],
    })
  })

  test('EV-27: are revoked after their name was typed', async () => {
    const { server } = setup([key()])
    server.on('DELETE /api/api-keys/:id', () => ({ status: 204 }))
    await press('Revoke Web shop')
    const confirm = within(await screen.findByRole('dialog')).getByRole('button', { name: 'Revoke' })
    expect(confirm.hasAttribute('disabled')).toBe(true)
    type('Type Web shop to confirm', 'Web shop')
    fireEvent.click(confirm)
    await waitFor(() => expect(server.calls.some((call) => call.method === 'DELETE')).toBe(true))
  })

  test('could not be loaded, or are not the caller’s', async () => {
    const { server } = setup([])
    server.on('GET /api/api-keys', () => problem(403, 'ip_denied'))
    expect((await screen.findByRole('alert')).textContent).toContain('Not allowed from this network')
  })

  test('UI-30: are nobody’s without the permission', async () => {
    const { server } = setup([], [])
    expect(await screen.findByText(/lacks “apikey.manage”/)).toBeTruthy()
    expect(server.calls.some((call) => call.path === '/api/api-keys')).toBe(false)
  })
})
