import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '@/api/types'
import { colleague, config, meFactory, messagePage, noon } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

function entry(id: string, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id,
    at: noon,
    actor: { kind: 'user', id: colleague.id, name: colleague.name },
    action: 'security_settings.changed',
    object: 'security_settings',
    object_id: null,
    before: { require_2fa: false },
    after: { require_2fa: true },
    ip: '198.51.100.7',
    user_agent: 'Mozilla/5.0',
    request_id: 'r1',
    chain_no: 7,
    ...change,
  }
}

const page = (items: AuditEntry[], next_cursor: string | null = null) => ({ body: { items, next_cursor } })

function setup(query = '', permissions = ['audit.view', 'member.manage']) {
  stubSockets()
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: meFactory.with('conversation.view', ...permissions) }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
    'GET /api/auth/users': () => ({ body: { items: [{ ...colleague, email: '', teams: [] }], next_cursor: null } }),
    'GET /api/audit-logs': ({ query: asked }) =>
      asked.get('cursor') ? page([entry('c', { action: 'later.invented' })]) : page([entry('a'), entry('b')], 'older'),
  })
  return { server, ...renderRoute(`/t/acme-kenya/settings/audit${query}`) }
}

const asked = (server: ReturnType<typeof setup>['server']) =>
  server.calls.filter((call) => call.path === '/api/audit-logs').map((call) => call.query.toString())

describe('UI-07, TN-15: the audit log', () => {
  test('lists what was done; opened, an entry shows both sides and where it came from', async () => {
    const { container } = setup()
    const list = await screen.findByRole('list', { name: 'Entries' })
    const [first] = within(list).getAllByRole('button', { name: /Sarah Njeri.*Security settings changed/ })
    fireEvent.click(first as HTMLElement)
    const row = within(list).getByRole('row', { name: /require_2fa/ })
    expect(
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['false', 'true'])
    await expectAccessible(container)
  })

  test('goes back further, and shows an act it does not know by its name', async () => {
    setup()
    fireEvent.click(await screen.findByRole('button', { name: 'Show older' }))
    expect(await screen.findByText('later.invented')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Show older' })).toBeNull()
  })

  test('is narrowed by what stands in the address, and the address by the controls', async () => {
    const { server, router } = setup(`?actor=${colleague.id}&from=2026-11-01`)
    await screen.findByRole('list', { name: 'Entries' })
    expect(asked(server)[0]).toContain(`actor=${colleague.id}`)
    expect(asked(server)[0]).toContain('from=')
    fireEvent.change(screen.getByLabelText('Action'), { target: { value: 'member.created' } })
    await waitFor(() => expect(router.state.location.search).toMatchObject({ action: 'member.created' }))
    await waitFor(() => expect(asked(server).at(-1)).toContain('action=member.created'))
    fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }))
    await waitFor(() => expect(router.state.location.search).toEqual({}))
  })

  test('says that nothing matches, with the way out', async () => {
    const { server } = setup('?action=role.deleted')
    server.on('GET /api/audit-logs', () => page([]))
    expect(await screen.findByText('Nothing matches these filters')).toBeTruthy()
  })

  test('says why it could not be loaded', async () => {
    const { server } = setup()
    server.on('GET /api/audit-logs', () => 'network')
    expect((await screen.findByRole('alert')).textContent).toContain('No connection')
  })

  test('proves the chain, or says where it is broken and what to do', async () => {
    const { server } = setup()
    const proof = { state: 'whole', entries: 1234, waiting: 0, signed: null, broken: null, checked_at: noon }
    server.on('GET /api/audit-logs/verify', () => ({ body: proof }))
    fireEvent.click(await screen.findByRole('button', { name: 'Check now' }))
    expect(await screen.findByText(/1,234 entries checked/)).toBeTruthy()
    server.on('GET /api/audit-logs/verify', () => ({
      body: { ...proof, state: 'broken', broken: { chain_no: 42, entry_id: null, reason: 'missing' } },
    }))
    fireEvent.click(screen.getByRole('button', { name: 'Check now' }))
    expect(await screen.findByText(/Entry 42 is missing/)).toBeTruthy()
  })

  test('says that an export failed', async () => {
    const { server } = setup()
    server.on('GET /api/audit-logs/export', () => problem(500, 'internal'))
    fireEvent.click(await screen.findByRole('button', { name: 'Export as CSV' }))
    expect(await screen.findByText('The export could not be made.')).toBeTruthy()
  })

  test('UI-30: without the permission it is said, and nothing is asked', async () => {
    const { server } = setup('', [])
    expect(await screen.findByText(/lacks “audit.view”/)).toBeTruthy()
    expect(asked(server)).toEqual([])
  })
})
