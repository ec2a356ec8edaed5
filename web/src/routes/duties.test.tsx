import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { call, client } from '@/api/client'
import { createQueryClient } from '@/app/query-client'
import { config, meFactory, messagePage, session } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'

function setup(path: string, routes: Parameters<typeof stubServer>[0] = {}) {
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: meFactory.owner() }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
    ...routes,
  })
  return { server, ...renderRoute(path) }
}

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

test('what a person owes first is told once reading is refused for it', async () => {
  stubServer({ 'GET /api/auth/sessions': () => problem(403, 'password_change_required') })
  const onDuty = vi.fn()
  const queries = createQueryClient(() => {}, onDuty)
  await queries.fetchQuery({ queryKey: ['x'], queryFn: () => call(client.GET('/api/auth/sessions')) }).catch(() => {})
  expect(onDuty).toHaveBeenCalledWith('password_change_required')
})

describe('UI-02, TN-10: a password that is too old', () => {
  test('is changed, and the person goes on to where they were going', async () => {
    const { server, container, router } = setup('/change-password?redirect=%2Ft%2Facme-kenya%2Finbox%2Fall')
    server.on('POST /api/auth/password', ({ body }) =>
      (body as { current_password: string }).current_password === 'old words'
        ? { body: session() }
        : problem(401, 'invalid_credentials'),
    )
    expect(await screen.findByLabelText('Current password')).toHaveProperty('autocomplete', 'current-password')
    expect(container.querySelector('[autocomplete=username]')).toHaveProperty('value', 'wanjiku@acme.test')
    await expectAccessible(container)
    type('Current password', 'wrong words')
    type('New password', 'nine other plain words')
    press('Change password')
    expect((await screen.findByRole('alert')).textContent).toBe('This is not your password.')
    type('Current password', 'old words')
    press('Change password')
    await waitFor(() => expect(router.state.location.pathname).toBe('/t/acme-kenya/inbox/all'))
  })

  test('must be another one than before', async () => {
    const { server } = setup('/change-password')
    server.on('POST /api/auth/password', () =>
      problem(422, 'validation_failed', { errors: [{ field: 'new_password', code: 'invalid', detail: 'x' }] }),
    )
    await screen.findByLabelText('Current password')
    type('Current password', 'the same words')
    type('New password', 'the same words')
    press('Change password')
    expect(await screen.findByText('Choose another password than the present one.')).toBeTruthy()
  })

  test('asks who is not signed in to sign in first', async () => {
    const { router } = setup('/change-password', { 'GET /api/auth/me': () => problem(401, 'session_revoked') })
    await waitFor(() => expect(router.state.location.pathname).toBe('/login'))
    expect(router.state.location.search).toEqual({ redirect: '/change-password' })
  })
})

describe('UI-02, TN-12: a second factor that is required', () => {
  test('password, picture and key, first code, recovery codes, onwards', async () => {
    const { server, container, router } = setup('/setup-2fa')
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    server.on('POST /api/auth/2fa/setup', () => ({
      body: { secret, otpauth_url: `otpauth://totp/Baraza:wanjiku%40acme.test?secret=${secret}&issuer=Baraza` },
    }))
    server.on('POST /api/auth/2fa/verify', ({ body }) =>
      (body as { code: string }).code === '123456'
        ? { body: { recovery_codes: ['aaaaa-11111', 'bbbbb-22222'] } }
        : problem(401, 'totp_invalid'),
    )
    await screen.findByLabelText('Current password')
    type('Current password', 'nine plain words here')
    press('Continue')
    expect(await screen.findByRole('img', { name: 'QR code for your authenticator app' })).toBeTruthy()
    expect(screen.getByText('JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP')).toBeTruthy()
    expect(screen.getByRole('link', { name: /Open in an app/ }).getAttribute('href')).toMatch(/^otpauth:/)
    await expectAccessible(container)
    type('Code of the app', '000000')
    press('Turn on')
    expect((await screen.findByRole('alert')).textContent).toContain('check the clock of your phone')
    type('Code of the app', '123456')
    press('Turn on')
    expect(await screen.findByText('bbbbb-22222')).toBeTruthy()
    await expectAccessible(container)
    press('I have kept them')
    await waitFor(() => expect(router.state.location.pathname).toMatch('/t/acme-kenya/inbox'))
  })
})
