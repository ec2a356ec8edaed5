import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Member, Role } from '@/api/types'
import { colleague, config, meFactory, messagePage, noon, user } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

const mine = ['conversation.view', 'conversation.reply', 'member.manage', 'role.manage', 'team.view']

function role(key: string, permissions: string[], change: Partial<Role> = {}): Role {
  const name = key.slice(0, 1).toUpperCase() + key.slice(1)
  return {
    id: key,
    key,
    name,
    builtin: true,
    permissions,
    scopes: ['own'],
    reveal: [],
    member_count: 1,
    version: 1,
    ...change,
  }
}

const roles = [role('owner', [...mine, 'tenant.delete']), role('agent', mine.slice(0, 2)), role('member', [])]

function member(change: Partial<Member>): Member {
  return {
    ...colleague,
    email: 'sarah@acme.test',
    role: { id: 'agent', key: 'agent', name: 'Agent' },
    state: 'active',
    teams: [],
    last_seen_at: null,
    joined_at: noon,
    ...change,
  }
}

function setup(path: string, permissions = mine) {
  stubSockets()
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: meFactory.with('conversation.view', ...permissions) }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
    'GET /api/teams': () => ({ body: { items: [], next_cursor: null } }),
    'GET /api/roles': () => ({ body: { items: roles, next_cursor: null } }),
    'GET /api/permissions': () => ({
      body: {
        items: [
          { name: 'tenant.delete', description: '', scoped: false, held: false },
          { name: 'conversation.reply', description: '', scoped: true, held: true },
        ],
      },
    }),
    'GET /api/members': () => ({
      body: {
        items: [
          member({}),
          member({ id: user.id, name: user.name, role: { id: 'owner', key: 'owner', name: 'Owner' } }),
        ],
        next_cursor: null,
      },
    }),
  })
  return { server, ...renderRoute(`/t/acme-kenya/settings/${path}`) }
}

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }))

async function act(name: string, item: string) {
  fireEvent.keyDown(await screen.findByRole('button', { name: `Actions for ${name}` }), { key: 'Enter' })
  fireEvent.click(await screen.findByRole('menuitem', { name: item }))
}

describe('TN-08, TN-09, UI-13: people', () => {
  test('are listed, searched from the address, and deactivated with a hand-over', async () => {
    const { server, container, router } = setup('people?search=sarah')
    await screen.findByRole('row', { name: /Sarah Njeri.*Agent/ })
    expect(server.calls.find((call) => call.path === '/api/members')?.query.get('search')).toBe('sarah')
    await expectAccessible(container)
    server.on('PATCH /api/members/:id', () => ({ body: member({ state: 'suspended' }) }))
    await act('Sarah Njeri', 'Deactivate')
    const dialog = await screen.findByRole('dialog')
    fireEvent.click(within(dialog).getByRole('button', { name: 'Deactivate' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(server.calls.find((call) => call.method === 'PATCH')?.body).toEqual({ state: 'suspended' })
    expect(router.state.location.search).toEqual({ search: 'sarah' })
  })

  test('who may do more is out of reach, with the reason', async () => {
    setup('people')
    fireEvent.keyDown(await screen.findByRole('button', { name: `Actions for ${user.name}` }), { key: 'Enter' })
    expect(await screen.findByText(/May do more than you: “Delete the workspace/)).toBeTruthy()
  })

  test('the last owner stays, in a sentence', async () => {
    const { server } = setup('people')
    server.on('DELETE /api/members/:id', () => problem(409, 'last_owner'))
    await act('Sarah Njeri', 'Remove from the workspace')
    fireEvent.click(await screen.findByRole('button', { name: 'Remove from the workspace' }))
    expect((await screen.findByRole('alert')).textContent).toContain('A workspace keeps an owner')
  })

  test('could not be loaded, and are tried again', async () => {
    const { server } = setup('people')
    server.on('GET /api/members', () => 'network')
    expect((await screen.findByRole('alert')).textContent).toContain('No connection')
  })

  test('UI-30: without the permission names alone are shown, and why', async () => {
    const { server } = setup('people', [])
    expect(await screen.findByText(/lacks “member.manage”/)).toBeTruthy()
    expect(await screen.findByText(colleague.name)).toBeTruthy()
    expect(server.calls.some((call) => call.path === '/api/invitations')).toBe(false)
  })
})

describe('TN-06: invitations', () => {
  test('many addresses pasted at once are sent one by one; the link is shown once, a refusal stays at its line', async () => {
    const { server } = setup('people?invite=true')
    server.on('POST /api/invitations', ({ body }) =>
      (body as { email: string }).email === 'b@acme.test'
        ? problem(409, 'already_exists')
        : { status: 201, body: { url: 'https://baraza.test/invite/t' } },
    )
    const text = 'Amina <a@acme.test>, b@acme.test; A@acme.test'
    fireEvent.paste(await screen.findByLabelText('E-mail'), { clipboardData: { getData: () => text } })
    await press('Send 2 invitations')
    expect(await screen.findByDisplayValue('https://baraza.test/invite/t')).toBeTruthy()
    expect(await screen.findByText(/a member’s, or invited already/)).toBeTruthy()
    expect(screen.getByLabelText('E-mail')).toHaveProperty('value', 'b@acme.test')
  })
})

describe('TN-07: roles', () => {
  test('show who has a permission, and give nothing the caller lacks', async () => {
    const { container } = setup('roles?copy=agent')
    expect(await screen.findByLabelText(/^Delete the workspace/)).toHaveProperty('disabled', true)
    expect(screen.getByLabelText('Answer customers')).toHaveProperty('checked', true)
    await expectAccessible(container)
    await press('Cancel')
    await press('Answer customers: who has this?')
    expect(await within(await screen.findByRole('dialog')).findByText('Sarah Njeri')).toBeTruthy()
  })

  const custom = role('', ['conversation.view', 'conversation.reply'], {
    id: 'helper',
    key: null,
    name: 'Helper',
    builtin: false,
    member_count: 2,
    version: 3,
  })
  const setupCustom = (path: string, change: Partial<Role> = {}) => {
    const shown = setup(path)
    shown.server.on('GET /api/roles', () => ({
      body: { items: [...roles, { ...custom, ...change }], next_cursor: null },
    }))
    return shown
  }
  const open = async (name: string) =>
    fireEvent.keyDown(await screen.findByLabelText(`Actions for role ${name}`), { key: 'Enter' })
  const item = async (name: string) => within(await screen.findByRole('menu')).getByText(name)

  test('of the workspace’s own making are changed', async () => {
    const { server, router } = setupCustom('roles')
    server.on('PATCH /api/roles/:id', ({ body }) => ({ body: { ...custom, ...(body as Partial<Role>), version: 4 } }))
    await open('Helper')
    fireEvent.click(await item('Change'))
    await waitFor(() => expect(router.state.location.search).toEqual({ edit: 'helper' }))
    const name = await screen.findByLabelText('Name of the role')
    expect(screen.getByText('Save')).toHaveProperty('disabled', true)
    fireEvent.change(name, { target: { value: 'Evening helper' } })
    expect(screen.getByText('Not saved yet. 2 people feel it.')).toBeTruthy()
    fireEvent.click(screen.getByText('Save'))
    await waitFor(() => expect(router.state.location.search).toEqual({}))
    const change = server.calls.find((call) => call.method === 'PATCH')
    expect(change?.path).toBe('/api/roles/helper')
    expect(change?.body).toMatchObject({ name: 'Evening helper', permissions: custom.permissions, scopes: ['own'] })
  })

  test('that somebody changed meanwhile are not overwritten: what was typed stays', async () => {
    const { server } = setupCustom('roles?edit=helper')
    server.on('PATCH /api/roles/:id', () => problem(409, 'version_conflict'))
    fireEvent.change(await screen.findByLabelText('Name of the role'), { target: { value: 'Evening helper' } })
    fireEvent.click(screen.getByText('Save'))
    expect(await screen.findByRole('alert')).toBeTruthy()
    expect(screen.getByLabelText('Name of the role')).toHaveProperty('value', 'Evening helper')
  })

  test('that somebody has are not deleted, and who has them is one press away', async () => {
    const { server } = setupCustom('roles')
    server.on('DELETE /api/roles/:id', () => problem(409, 'in_use', { used: 2 }))
    await open('Helper')
    fireEvent.click(await item('Delete'))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.click(dialog.getByRole('button', { name: 'Delete' }))
    expect((await dialog.findByRole('alert')).textContent).toContain('2 people have this role')
    expect(dialog.getByRole('link', { name: /Helper/ }).getAttribute('href')).toContain('role=helper')
  })

  test('are gone when nobody has them', async () => {
    const { server } = setupCustom('roles', { member_count: 0 })
    server.on('DELETE /api/roles/:id', () => {
      server.on('GET /api/roles', () => ({ body: { items: roles, next_cursor: null } }))
      return { status: 204 }
    })
    await open('Helper')
    fireEvent.click(await item('Delete'))
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Delete' }))
    await waitFor(() => expect(screen.queryByLabelText('Actions for role Helper')).toBeNull())
  })

  test('that may more than the caller are out of their reach, with the reason', async () => {
    setupCustom('roles', { permissions: [...custom.permissions, 'tenant.delete'] })
    await open('Helper')
    expect(await screen.findByText(/May do more than you: “Delete the workspace/)).toBeTruthy()
    expect((await item('Change')).getAttribute('aria-disabled')).toBe('true')
    expect((await item('Delete')).getAttribute('aria-disabled')).toBe('true')
    expect((await item('Make a copy')).getAttribute('aria-disabled')).toBeNull()
  })

  test('that are built in can only be copied', async () => {
    setupCustom('roles')
    await open('Agent')
    expect(await screen.findByText('Built in: it stays as it is.')).toBeTruthy()
    const items = within(await screen.findByRole('menu')).getAllByRole('menuitem')
    expect(items.map(({ textContent }) => textContent)).toEqual(['Make a copy'])
  })

  test('are made of what the caller holds: the rest says why it is out of reach, and is in no copy', async () => {
    const { server } = setup('roles?copy=owner')
    const lacked = await screen.findByLabelText(/^Delete the workspace/)
    expect(lacked).toHaveProperty('disabled', true)
    expect(lacked).toHaveProperty('checked', false)
    const why = document.getElementById(lacked.getAttribute('aria-describedby') ?? '')
    expect(why?.textContent).toBe('You do not have this yourself, so you cannot give it.')
    server.on('POST /api/roles', () => ({ status: 201, body: custom }))
    fireEvent.click(screen.getByText('Create role'))
    await waitFor(() => expect(server.calls.some(({ method }) => method === 'POST')).toBe(true))
    const made = server.calls.find((call) => call.method === 'POST' && call.path === '/api/roles')
    expect(made?.body).toMatchObject({ permissions: mine })
  })

  test('UI-30: a direct address names the permission and what it allows', async () => {
    setup('roles', [])
    expect(await screen.findByText(/lacks “role.manage”/)).toBeTruthy()
    expect(screen.getByText(/Make and change roles/)).toBeTruthy()
  })
})
