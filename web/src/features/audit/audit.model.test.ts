import { expect, test } from 'vitest'
import { differences, filterOf, objects, queryOf } from './audit.model'

test('TN-15: the address bar holds the known filters and nothing else', () => {
  expect(filterOf({ actor: 'a', action: '', page: 2, from: '2026-11-01' })).toEqual({ actor: 'a', from: '2026-11-01' })
})

test('days become moments, and the last day is inside', () => {
  const query = queryOf({ object: 'member', from: '2026-11-01', to: '2026-11-30' })
  expect(query.object).toBe('member')
  expect(new Date(query.from ?? '')).toEqual(new Date(2026, 10, 1))
  expect(new Date(query.to ?? '')).toEqual(new Date(2026, 11, 1))
  expect(queryOf({ from: 'yesterday' })).toEqual({})
})

test('a change shows both sides of every member', () => {
  expect(differences({ require_2fa: false, name: 'A' }, { require_2fa: true, teams: ['x'] })).toEqual([
    { field: 'name', before: 'A', after: null },
    { field: 'require_2fa', before: 'false', after: 'true' },
    { field: 'teams', before: null, after: '["x"]' },
  ])
  expect(differences(null, null)).toEqual([])
})

test('every object is named once', () => {
  expect(objects).toContain('second_factor')
  expect(new Set(objects).size).toBe(objects.length)
})
