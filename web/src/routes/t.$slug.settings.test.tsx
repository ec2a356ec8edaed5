import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { config, meFactory, messagePage } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

const off = { require_2fa: false, email_codes: false, new_device_codes: false, password_max_age_days: 0 }

function setup(path: string, ...permissions: string[]) {
  stubSockets()
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: meFactory.with('conversation.view', ...permissions) }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
    'GET /api/settings/branding': () => ({ body: { accent: null, accent_dark: null, palette: null } }),
    'GET /api/settings/branding/palette': () => problem(500, 'internal'),
    'GET /api/tenants/current': () => problem(500, 'internal'),
    'GET /api/settings/security': () => ({ body: off, headers: { ETag: '"v1"' } }),
  })
  return { server, ...renderRoute(`/t/acme-kenya${path}`) }
}

const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))

describe('UI-30: what a role may not use', () => {
  test('is not shown', async () => {
    setup('/inbox/mine')
    await screen.findByRole('navigation', { name: 'Main' })
    expect(screen.queryByRole('link', { name: 'Settings' })).toBeNull()
  })

  test('by a direct address says which permission is missing and who can grant it', async () => {
    const { server } = setup('/settings/security')
    expect(await screen.findByText(/lacks “settings.manage”. An owner or admin can grant it/)).toBeTruthy()
    expect(server.calls.some((call) => call.path === '/api/settings/security')).toBe(false)
  })

  test('leads to the first settings there are for the role', async () => {
    const { router } = setup('/settings', 'settings.manage')
    await waitFor(() => expect(router.state.location.pathname).toBe('/t/acme-kenya/settings/workspace'))
    expect(screen.queryByRole('link', { name: 'Audit log' })).toBeNull()
  })
})

describe('UI-08, TN-10, TN-11, TN-12: what a workspace demands of sign-in', () => {
  test('is saved after the person proved who they are', async () => {
    const { server, container } = setup('/settings/security', 'settings.manage')
    let proved = false
    server.on('PUT /api/settings/security', ({ body }) => (proved ? { body } : problem(403, 'step_up_required')))
    server.on('POST /api/auth/step-up', ({ body }) => {
      proved = (body as { password?: string }).password === 'nine plain words here'
      return proved ? { status: 204 } : problem(401, 'invalid_credentials')
    })
    fireEvent.click(await screen.findByLabelText('Ask for a mailed code on a new device'))
    fireEvent.change(screen.getByLabelText('Passwords must be changed'), { target: { value: '90' } })
    await expectAccessible(container)
    await press('Save')
    const password = await screen.findByLabelText('Current password')
    fireEvent.change(password, { target: { value: 'wrong' } })
    await press('Confirm')
    expect((await screen.findByRole('alert')).textContent).toBe('This is not your password.')
    fireEvent.change(password, { target: { value: 'nine plain words here' } })
    server.on('GET /api/settings/security', () => ({
      body: { ...off, new_device_codes: true, password_max_age_days: 90 },
    }))
    await press('Confirm')
    expect(await screen.findByText('Saved')).toBeTruthy()
    expect(server.calls.findLast((call) => call.method === 'PUT')?.body).toEqual({
      ...off,
      new_device_codes: true,
      password_max_age_days: 90,
    })
  })

  test('stays as it was when the question is dismissed', async () => {
    const { server } = setup('/settings/security', 'settings.manage')
    server.on('PUT /api/settings/security', () => problem(403, 'step_up_required'))
    fireEvent.click(await screen.findByLabelText('Ask for a mailed code on a new device'))
    await press('Save')
    await screen.findByRole('dialog', { name: 'Confirm that it is you' })
    await press('Close')
    expect((await screen.findByRole('alert')).textContent).toContain('was not confirmed')
    expect(screen.getByText('Not saved yet')).toBeTruthy()
  })

  test('refuses to lock its author out', async () => {
    const { server } = setup('/settings/security', 'settings.manage')
    server.on('PUT /api/settings/security', () =>
      problem(422, 'validation_failed', { errors: [{ field: 'require_2fa', code: 'invalid', detail: 'x' }] }),
    )
    fireEvent.click(await screen.findByLabelText('Require two-factor sign-in'))
    await press('Save')
    expect(await screen.findByText(/This would lock you out/)).toBeTruthy()
  })

  test('says that somebody else changed it meanwhile', async () => {
    const { server } = setup('/settings/security', 'settings.manage')
    server.on('PUT /api/settings/security', () => problem(412, 'version_conflict'))
    fireEvent.click(await screen.findByLabelText('Require two-factor sign-in'))
    await press('Save')
    expect((await screen.findByRole('alert')).textContent).toContain('Somebody changed this meanwhile')
  })
})
