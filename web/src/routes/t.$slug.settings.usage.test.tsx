import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { UsageReport } from '@/api/types'
import { config, meFactory, messagePage, noon } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

const report: UsageReport = {
  plan: 'starter',
  period: { from: '2026-10-31T21:00:00.000Z', to: '2026-11-30T21:00:00.000Z', timezone: 'Africa/Nairobi' },
  as_of: noon,
  used: {
    seats: 9,
    invitations: 1,
    channels: 2,
    api_keys: 3,
    conversations: 1204,
    messages_received: 5,
    messages_sent: 6,
    active_users: 4,
  },
  limits: { seats: 10, channels: null, conversations: null, messages_sent: null },
}

function setup(...permissions: string[]) {
  stubSockets()
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: meFactory.with('conversation.view', ...permissions) }),
    'GET /api/conversations': () => ({ body: messagePage([]) }),
    'GET /api/usage': () => ({ body: report }),
  })
  return { server, ...renderRoute('/t/acme-kenya/settings/usage') }
}

test('UI-09: each number says what it counts, in the workspace’s month, and what limit there is', async () => {
  const { container } = setup('billing.manage')
  const month = await screen.findByRole('region', { name: 'November 2026' })
  expect(within(month).getByText('1,204')).toBeTruthy()
  expect(within(month).getByText(/in Africa\/Nairobi/)).toBeTruthy()
  const now = screen.getByRole('region', { name: 'Now' })
  expect(within(now).getByText('of 10 · nearly used up')).toBeTruthy()
  expect(within(now).getAllByText('No limit')).toHaveLength(1)
  expect(screen.getByText(/Plan: starter/)).toBeTruthy()
  await expectAccessible(container)
})

test('usage that could not be counted says so, with the way to try again', async () => {
  const { server } = setup('billing.manage')
  server.on('GET /api/usage', () => problem(500, 'internal'))
  expect(await screen.findByText('The usage could not be counted')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Retry' })).toBeTruthy()
})

test('UI-30: usage is for who pays', async () => {
  const { server } = setup()
  expect(await screen.findByText(/lacks “billing.manage”/)).toBeTruthy()
  expect(server.calls.some((call) => call.path === '/api/usage')).toBe(false)
})
