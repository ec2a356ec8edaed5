import { expect, test } from 'vitest'
import type { ApiKey, Permission } from '@/api/types'
import { dayOf, endOfDay, exampleCall, networksOf, scopesFor, stateOf } from './keys.model'

const permission = (name: string, held = true): Permission => ({ name, held, description: '', scoped: false })
const list = ['conversation.view', 'conversation.reply', 'contact.view_pii', 'apikey.manage'].map((name) =>
  permission(name),
)

// TN-14: what a key can be given, as the server has it.
test('a key is offered what its kind can have and its maker holds', () => {
  const names = (kind: ApiKey['kind']) =>
    scopesFor(kind, [...list, permission('team.view', false)]).map(({ name }) => name)
  expect(names('server')).toEqual(['conversation.view', 'conversation.reply', 'contact.view_pii'])
  expect(names('read')).toEqual(['conversation.view', 'contact.view_pii'])
  expect(names('write')).toEqual([])
})

test('a key says when it ends', () => {
  const now = Date.parse('2026-11-21T12:00:00Z')
  const ends = (expires_at: string | null) => stateOf({ expires_at, revoked_at: null } as ApiKey, now)
  expect(ends(null)).toBe('active')
  expect(ends('2026-12-21T12:00:00Z')).toBe('active')
  expect(ends('2026-11-25T12:00:00Z')).toBe('ending')
  expect(ends('2026-11-21T12:00:00Z')).toBe('expired')
})

test('days are of the reader’s calendar, and networks come apart however they were typed', () => {
  expect(dayOf(endOfDay('2027-02-28'))).toBe('2027-02-28')
  expect([endOfDay(''), dayOf(null)]).toEqual([null, ''])
  expect(networksOf(' 203.0.113.0/24, 198.51.100.7;2001:db8::1\n')).toEqual([
    '203.0.113.0/24',
    '198.51.100.7',
    '2001:db8::1',
  ])
})

test('the example is a call the key may make', () => {
  expect(exampleCall('https://x.test', 'sk_1', ['channel.view'])).toBe(
    'curl -H "Authorization: Bearer sk_1" https://x.test/api/channels',
  )
  expect(exampleCall('https://x.test', 'sk_1', ['log.view'])).toContain('/api/openapi.json')
})
