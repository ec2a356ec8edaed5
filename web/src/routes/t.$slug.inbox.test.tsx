import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Conversation, Me } from '@/api/types'
import { channel, config, conversationFactory, meFactory } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { type ScriptedSocket, stubSockets } from '@/test/socket'

let sockets: ScriptedSocket[] = []
beforeEach(() => {
  sockets = stubSockets()
})

const counts = {
  mine: 1,
  unassigned: 2,
  open: 3,
  snoozed: 0,
  mentions: 0,
  unread: 1,
  failed: 0,
  bot: 0,
  by_team: {},
  by_view: {},
}

function setup(
  rows: Conversation[],
  { path = '/t/acme-kenya/inbox', me = meFactory.owner() as Me, channels = [channel()] } = {},
) {
  const server = stubServer({
    'GET /api/auth/me': () => ({ body: me }),
    'GET /api/config': () => ({ body: config() }),
    'GET /api/channels': () => ({ body: { items: channels, next_cursor: null } }),
    'GET /api/conversations/counts': () => ({ body: counts }),
    'GET /api/conversations': () => ({ body: { items: rows, next_cursor: null }, headers: { 'X-Cursor': 'c1' } }),
  })
  return { server, ...renderRoute(path) }
}

const list = () => screen.findByRole('region', { name: 'Conversations' })

describe('UI-03: the list', () => {
  test('shows rows with name, words, unread and position, and follows the socket from its cursor', async () => {
    const waiting = conversationFactory.queued({ unread: 2 })
    const { container } = setup([waiting, conversationFactory.mine()])
    const region = await list()
    const rows = await within(region).findAllByRole('listitem')
    expect(rows).toHaveLength(2)
    expect(rows[0]?.getAttribute('aria-setsize')).toBe('2')
    expect(within(region).getByText('2 unread messages')).toBeTruthy()
    await waitFor(() => expect(sockets).toHaveLength(1))
    act(() => sockets[0]?.accept())
    expect(sockets[0]?.sent[0]).toMatchObject({ type: 'subscribe', topics: ['inbox', 'me'], since: 'c1' })
    await expectAccessible(container)
  })

  test('asks for the rows of the view in the address, and every count leads to its rows', async () => {
    const { server, router } = setup([conversationFactory.mine()], { path: '/t/acme-kenya/inbox/mine' })
    const views = await screen.findByRole('navigation', { name: 'Views' })
    expect((await within(views).findByRole('link', { name: 'Mine 1' })).getAttribute('aria-current')).toBe('page')
    await waitFor(() => expect(server.calls.find((call) => call.query.get('assignee') === 'me')).toBeTruthy())
    fireEvent.click(within(views).getByRole('link', { name: 'Unassigned 2' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/t/acme-kenya/inbox/unassigned'))
    await waitFor(() => expect(server.calls.some((call) => call.query.get('status') === 'unassigned')).toBe(true))
  })

  test('takes in what the socket brings and says who wrote', async () => {
    setup([conversationFactory.activeAt(0)])
    await screen.findAllByRole('listitem')
    await waitFor(() => expect(sockets).toHaveLength(1))
    const row = conversationFactory.activeAt(5)
    act(() => {
      sockets[0]?.accept()
      sockets[0]?.say({
        type: 'event',
        id: 'e1',
        cursor: 'c',
        topic: 'inbox',
        name: 'conversation.created',
        at: row.created_at,
        data: row,
      })
    })
    await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(2))
  })
})

describe('UI-23: six states', () => {
  test('loading', async () => {
    const { server } = setup([])
    server.on('GET /api/conversations', () => new Promise(() => {}))
    expect(await screen.findByRole('status', { name: 'Loading conversations' })).toBeTruthy()
  })

  test('empty, without a channel: one action for who may', async () => {
    const { server, container } = setup([], { channels: [] })
    let created = false
    server.on('POST /api/channels/simulated', () => {
      created = true
      return { status: 201, body: channel({ simulated: true }) }
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Create a simulated channel' }))
    await waitFor(() => expect(created).toBe(true))
    await expectAccessible(container)
  })

  test('empty, without a channel: who may not is told whom to ask', async () => {
    setup([], { channels: [], me: meFactory.with('conversation.view', 'channel.view') })
    expect(await screen.findByText(/An owner or admin can connect one/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Create a simulated channel' })).toBeNull()
  })

  test('empty with a channel, and filtered-empty with the filter to remove', async () => {
    const { router } = setup([], { path: '/t/acme-kenya/inbox/unassigned?unread=true' })
    fireEvent.click(await screen.findByRole('link', { name: /Unread/ }))
    await waitFor(() => expect(router.state.location.search).toEqual({}))
    expect(await screen.findByText('No one is waiting')).toBeTruthy()
  })

  test('error: what failed, code and request id, and a way to try again', async () => {
    const { server, container } = setup([conversationFactory.mine()])
    server.on('GET /api/conversations', () => problem(500, 'internal'))
    expect(await screen.findByText('The conversations could not be loaded')).toBeTruthy()
    expect(screen.getByText('internal · req12345')).toBeTruthy()
    await expectAccessible(container)
    server.on('GET /api/conversations', () => ({ body: { items: [conversationFactory.mine()], next_cursor: null } }))
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(await screen.findAllByRole('listitem')).toHaveLength(1)
  })

  test('offline: not an error of the server', async () => {
    const { server } = setup([])
    server.on('GET /api/conversations', () => 'network')
    expect(await screen.findByText('No connection')).toBeTruthy()
  })

  test('UI-30: no permission names the one that is missing', async () => {
    const { server } = setup([], { me: meFactory.with('channel.view') })
    expect(await screen.findByText(/conversation\.view/)).toBeTruthy()
    expect(server.calls.some((call) => call.path === '/api/conversations')).toBe(false)
  })
})

test('UI-24: ? lists the keys that work here', async () => {
  setup([conversationFactory.mine()])
  await screen.findAllByRole('listitem')
  fireEvent.keyDown(document.body, { key: '?' })
  const sheet = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })
  expect(within(sheet).getByText('Next conversation')).toBeTruthy()
})
