import { expect, test } from 'vitest'
import { type ConnectionState, idle } from '@/realtime/connection'
import { pillState } from './connection-pill.model'

const lost: ConnectionState = { ...idle, phase: 'waiting', lostAt: 0 }

test('UI-26: is quiet for two seconds, then says what happens, then what still works', () => {
  expect(pillState(lost, 1_999).kind).toBe('quiet')
  expect(pillState(lost, 2_000).kind).toBe('reconnecting')
  expect(pillState(lost, 10_000).kind).toBe('offline')
})

test('says for three seconds what came back', () => {
  const back: ConnectionState = { ...idle, phase: 'live', returned: { at: 1_000, updates: 14 } }
  expect(pillState(back, 3_999)).toEqual({ kind: 'back', updates: 14 })
  expect(pillState(back, 4_000).kind).toBe('quiet')
})

test('leaves ends that have a page of their own to that page', () => {
  expect(pillState({ ...lost, phase: 'stopped', reason: 'suspended' }, 60_000).kind).toBe('quiet')
  expect(pillState({ ...lost, phase: 'stopped', reason: 'protocol' }, 60_000).kind).toBe('stopped')
})
