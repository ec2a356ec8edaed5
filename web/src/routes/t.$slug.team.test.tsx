import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Me, Team } from '@/api/types'
import { channel, colleague, config, meFactory, messagePage, noon } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

const id = '0198f3c2-7b3a-7000-8000-0000000000aa'
const team = (change: Partial<Team> = {}): Team => ({
  id,
  name: 'Returns',
  timezone: 'Africa/Nairobi',
  everyone: false,
  archived_at: null,
  channel_ids: [],
  member_count: 1,
  version: 3,
  created_at: noon,
  ...change,
})
const person = (name: string, more: object = {}) => ({ id: `id-${name}`, name, email: null, teams: [], ...more })

function setup(path: string, permissions: string[], membership: Partial<NonNullable<Me['membership']>> = {}) {
  stubSockets()
  const me = meFactory.with('conversation.view', ...permissions)
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: { ...me, membership: me.membership && { ...me.membership, ...membership } } }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
    'POST /api/activity/track': () => ({ status: 204 }),
    'GET /api/teams': ({ query }) => ({
      body: { items: query.get('archived') === 'true' ? [] : [team()], next_cursor: null },
    }),
    'GET /api/teams/:id': () => ({ body: team() }),
    'GET /api/teams/:id/members': () => ({
      body: { items: [{ id: colleague.id, name: colleague.name, role: 'agent' }], next_cursor: null },
    }),
    'GET /api/members': () => ({
      body: { items: [person('Otieno'), { ...person('Sarah'), id: colleague.id }], next_cursor: null },
    }),
    'GET /api/channels': () => ({ body: { items: [channel()], next_cursor: null } }),
  })
  return { server, ...renderRoute(`/t/acme-kenya${path}`) }
}

const manage = ['team.view', 'team.manage', 'channel.view']
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }))

describe('AG-06: teams', () => {
  test('are listed, made, and shown when they are made', async () => {
    const { server, container, router } = setup('/team', manage)
    expect(await screen.findByRole('link', { name: /Returns.*1 person/ })).toBeTruthy()
    await expectAccessible(container)
    server.on('POST /api/teams', ({ body }) =>
      (body as { name: string }).name === 'Returns'
        ? problem(409, 'already_exists', { errors: [{ field: 'name', code: 'already_exists', detail: 'x' }] })
        : { status: 201, body: team() },
    )
    await press('New team')
    fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'Returns' } })
    await press('Create team')
    expect(await screen.findByText(/Another team has this name/)).toBeTruthy()
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Refunds' } })
    await press('Create team')
    await waitFor(() => expect(router.state.location.pathname).toBe(`/t/acme-kenya/team/${id}`))
  })

  test('take people in and out, as manager or agent', async () => {
    const { server, container } = setup(`/team/${id}`, manage)
    for (const line of ['PATCH', 'DELETE'])
      server.on(`${line} /api/teams/:id/members/:user`, () => ({
        status: line === 'PATCH' ? 200 : 204,
        body: line === 'PATCH' ? {} : undefined,
      }))
    server.on('POST /api/teams/:id/members', () => ({ status: 201, body: {} }))
    fireEvent.change(await screen.findByLabelText('Role of Sarah Njeri in the team'), { target: { value: 'manager' } })
    await waitFor(() =>
      expect(server.calls.findLast((call) => call.method === 'PATCH')?.body).toEqual({ role: 'manager' }),
    )
    await press('Add')
    const dialog = await screen.findByRole('dialog', { name: 'Add to Returns' })
    expect(await within(dialog).findAllByRole('radio', { name: /Otieno|Sarah/ })).toHaveLength(1) // who is in already is not offered
    fireEvent.click(within(dialog).getByRole('radio', { name: 'Otieno' }))
    fireEvent.click(within(dialog).getByRole('radio', { name: /^Manager/ }))
    await expectAccessible(container)
    fireEvent.click(within(dialog).getByRole('button', { name: 'Add' }))
    await waitFor(() =>
      expect(server.calls.findLast((call) => call.method === 'POST' && call.path.endsWith('/members'))?.body).toEqual({
        user_id: 'id-Otieno',
        role: 'manager',
      }),
    )
    await press('Remove Sarah Njeri')
    await press('Remove')
    await waitFor(() => expect(server.calls.some((call) => call.method === 'DELETE')).toBe(true))
  })

  test('are archived unless a channel points at them, and brought back', async () => {
    const { server } = setup(`/team/${id}`, manage)
    server.on('GET /api/teams/:id', () => ({ body: team({ channel_ids: [channel().id] }) }))
    await press('Archive')
    expect(await screen.findByText(/Support line points at this team/)).toBeTruthy()
    const dialog = screen.getByRole('dialog')
    expect(within(dialog).getByRole('button', { name: 'Archive' }).hasAttribute('disabled')).toBe(true)
  })

  test('that are archived can be brought back', async () => {
    const { server } = setup(`/team/${id}`, manage)
    server.on('GET /api/teams/:id', () => ({ body: team({ archived_at: noon }) }))
    server.on('POST /api/teams/:id/restore', () => ({ body: team() }))
    await screen.findByText(/It takes neither people nor channels/)
    expect(screen.queryByRole('button', { name: 'Add' })).toBeNull()
    await press('Bring back')
    await waitFor(() => expect(server.calls.some((call) => call.path.endsWith('/restore'))).toBe(true))
  })

  test('AG-07: who manages another team changes nothing here', async () => {
    setup(`/team/${id}`, manage, { scopes: ['own'], teams: [{ id: 'other', name: 'Other', role: 'manager' }] })
    expect(await screen.findByText('Sarah Njeri')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /Archive|Add|Edit|Remove/ })).toBeNull()
  })

  test('AG-07: a manager of the team changes it', async () => {
    setup(`/team/${id}`, manage, { scopes: ['own'], teams: [{ id, name: 'Returns', role: 'manager' }] })
    expect(await screen.findByRole('button', { name: 'Add' })).toBeTruthy()
  })

  test('that could not be loaded say so; without the permission nothing is asked', async () => {
    const { server } = setup('/team', ['team.view'])
    server.on('GET /api/teams', () => ({
      status: 429,
      body: { code: 'rate_limited' },
      headers: { 'Retry-After': '30' },
    }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/Go on in \d+ seconds/)
    expect(screen.getByRole('button', { name: 'Retry' }).hasAttribute('disabled')).toBe(true)
  })

  test('UI-30: are nobody’s without the permission', async () => {
    const { server } = setup('/team', [])
    expect(await screen.findByText(/lacks “team.view”/)).toBeTruthy()
    expect(screen.queryByRole('link', { name: 'Teams' })).toBeNull()
    expect(server.calls.some((call) => call.path === '/api/teams')).toBe(false)
  })

  test('AC-01, AC-02: a page that is left is told by its pattern, once, and a refusal is not repeated', async () => {
    const { server, router } = setup('/team', ['team.view'])
    server.on('POST /api/activity/track', () => 'network')
    fireEvent.click(await screen.findByRole('link', { name: /Returns/ }))
    await waitFor(() => expect(router.state.location.pathname).toContain(id))
    await waitFor(() => expect(server.calls.some((call) => call.path === '/api/activity/track')).toBe(true))
    const told = server.calls.filter((call) => call.path === '/api/activity/track').map((call) => call.body)
    expect(told).toEqual([{ type: 'PAGE_VIEW', path: '/t/$slug/team', duration: expect.any(Number) }])
  })
})
