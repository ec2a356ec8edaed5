import { expect, test } from 'vitest'
import { at, messageFactory } from '@/test/factories'
import { retryOffer } from './tick.model'

test('a failed message may be retried where the server says so', () => {
  expect(retryOffer(messageFactory.failed(1, true), 0)).toBe('retry')
  expect(retryOffer(messageFactory.failed(1, false), 0)).toBeNull()
})

test('an unknown one is offered after ten minutes, never before', () => {
  const unknown = messageFactory.ours(0, 'unknown')
  expect(retryOffer(unknown, Date.parse(at(9.9)))).toBeNull()
  expect(retryOffer(unknown, Date.parse(at(10)))).toBe('force')
})

test('nothing else is', () => {
  expect(retryOffer(messageFactory.ours(0, 'sent'), Date.parse(at(99)))).toBeNull()
})
