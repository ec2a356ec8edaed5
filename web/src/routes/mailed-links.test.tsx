import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { config, meFactory } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'

function setup(path: string) {
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => problem(401, 'unauthenticated'),
    'POST /api/auth/refresh': () => problem(401, 'unauthenticated'),
  })
  return { server, ...renderRoute(path) }
}

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

describe('UI-02, TN-10: forgetting a password', () => {
  test('says the same for every address, and waits before it sends again', async () => {
    const { server, container } = setup('/forgot-password')
    server.on('POST /api/auth/password/forgot', () => ({ status: 202 }))
    expect(await screen.findByLabelText('E-mail')).toHaveProperty('autocomplete', 'username')
    type('E-mail', 'nobody@acme.test')
    press('Mail me a link')
    expect((await screen.findByRole('status')).textContent).toContain('If there is an account for')
    expect(screen.getByRole('button', { name: /Send again in \d+ s/ })).toHaveProperty('disabled', true)
    await expectAccessible(container)
  })

  test('keeps what was typed when the server does not answer', async () => {
    const { server } = setup('/forgot-password')
    server.on('POST /api/auth/password/forgot', () => 'network')
    await screen.findByLabelText('E-mail')
    type('E-mail', 'wanjiku@acme.test')
    press('Mail me a link')
    expect((await screen.findByRole('alert')).textContent).toContain('The server did not answer')
    expect(screen.getByLabelText('E-mail')).toHaveProperty('value', 'wanjiku@acme.test')
  })

  test('the link of the mail takes a new password, and then leads to the sign-in', async () => {
    const { server, container } = setup('/reset-password?token=t0ken')
    server.on('POST /api/auth/password/reset', () => ({ status: 204 }))
    expect(await screen.findByLabelText('New password')).toHaveProperty('autocomplete', 'new-password')
    await expectAccessible(container)
    type('New password', 'nine other plain words')
    press('Save the password')
    await screen.findByText(/signed out everywhere\.$/)
    expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy()
    expect(server.calls.at(-1)?.body).toEqual({ token: 't0ken', new_password: 'nine other plain words' })
  })

  test('asks who has an authenticator app for its code', async () => {
    const { server } = setup('/reset-password?token=t0ken')
    server.on('POST /api/auth/password/reset', ({ body }) =>
      (body as { totp?: string }).totp ? { status: 204 } : problem(401, 'totp_required', { methods: ['totp'] }),
    )
    await screen.findByLabelText('New password')
    type('New password', 'nine other plain words')
    press('Save the password')
    await screen.findByLabelText('Code of the app')
    type('Code of the app', '123456')
    press('Save the password')
    await screen.findByText(/signed out everywhere\.$/)
  })

  test('a password that everybody tries is refused at its field', async () => {
    const { server } = setup('/reset-password?token=t0ken')
    server.on('POST /api/auth/password/reset', () =>
      problem(422, 'validation_failed', { errors: [{ field: 'new_password', code: 'too_common', detail: 'x' }] }),
    )
    await screen.findByLabelText('New password')
    type('New password', 'password1')
    press('Save the password')
    expect(await screen.findByText(/passwords that are tried first/)).toBeTruthy()
  })

  test('a link that ran out, and one without a token, lead to another one', async () => {
    const { server } = setup('/reset-password?token=old')
    server.on('POST /api/auth/password/reset', () => problem(410, 'expired'))
    await screen.findByLabelText('New password')
    type('New password', 'nine other plain words')
    press('Save the password')
    expect((await screen.findByRole('alert')).textContent).toContain('has run out or was used already')
    expect(screen.getByRole('link', { name: 'Ask for another link' }).getAttribute('href')).toBe('/forgot-password')
  })
})

describe('UI-02, TN-11: confirming an address', () => {
  test('takes a click, so that a program that opens links does not use it up', async () => {
    const { server, container } = setup('/verify-email?token=t0ken')
    server.on('POST /api/auth/email/verify', () => ({ status: 204 }))
    await screen.findByRole('button', { name: 'Confirm the address' })
    await expectAccessible(container)
    expect(server.calls.some((call) => call.path === '/api/auth/email/verify')).toBe(false)
    press('Confirm the address')
    await screen.findByText('Thank you, the address is confirmed.')
    expect(screen.getByRole('link', { name: 'Go on' })).toBeTruthy()
  })

  test('a link that ran out can be sent again by who is signed in', async () => {
    const { server } = setup('/verify-email?token=old')
    server.on('GET /api/auth/me', () => ({ body: meFactory.owner() }))
    server.on('POST /api/auth/email/verify', () => problem(410, 'expired'))
    server.on('POST /api/auth/email/resend', () => ({ status: 202 }))
    await screen.findByRole('button', { name: 'Confirm the address' })
    press('Confirm the address')
    fireEvent.click(await screen.findByRole('button', { name: 'Send again' }))
    await waitFor(() => expect(server.calls.some((call) => call.path === '/api/auth/email/resend')).toBe(true))
  })

  test('who is not signed in is led to the sign-in', async () => {
    setup('/verify-email')
    expect(await screen.findByRole('link', { name: 'Sign in' })).toBeTruthy()
  })
})
