import { expect, test } from 'vitest'
import { safeReturn } from './leave'

test('returns to pages of ours and to no other address', () => {
  expect(safeReturn('/t/acme/inbox?unread=true')).toBe('/t/acme/inbox?unread=true')
  for (const path of ['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)', '', undefined]) {
    expect(safeReturn(path)).toBeUndefined()
  }
})
