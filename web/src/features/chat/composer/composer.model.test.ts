import { describe, expect, test } from 'vitest'
import { channel, conversationFactory, noon } from '@/test/factories'
import { blockOf, remaining, sends } from './composer.model'

describe('what blocks writing', () => {
  const situation = {
    conversation: conversationFactory.mine({ window_expires_at: noon }),
    channel: channel(),
    mayReply: true,
    now: Date.parse(noon) - 1,
  }

  test('nothing while the window is open, a closed one by the time of the server', () => {
    expect(blockOf(situation)).toBeNull()
    expect(blockOf({ ...situation, now: Date.parse(noon) })).toBe('window_closed')
  })

  test('a read-only role, a closed conversation, a channel that is off', () => {
    expect(blockOf({ ...situation, mayReply: false })).toBe('no_permission')
    expect(blockOf({ ...situation, conversation: conversationFactory.mine({ status: 'closed' }) })).toBe(
      'conversation_closed',
    )
    expect(blockOf({ ...situation, channel: channel({ status: 'disabled' }) })).toBe('channel_disabled')
  })

  test('not a channel that needs a new sign-in: what is written waits', () => {
    expect(blockOf({ ...situation, channel: channel({ status: 'reauth_required' }) })).toBeNull()
  })
})

describe('the key that sends', () => {
  const enter = { key: 'Enter', shift: false, mod: false, composing: false }

  test('is ⌘Enter or Ctrl+Enter for everybody, Enter for those who chose it', () => {
    expect(sends({ ...enter, mod: true }, 'mod_enter')).toBe(true)
    expect(sends(enter, 'mod_enter')).toBe(false)
    expect(sends(enter, 'enter')).toBe(true)
    expect(sends({ ...enter, mod: true }, 'enter')).toBe(true)
    expect(sends({ ...enter, shift: true }, 'enter')).toBe(false)
  })

  test('is never the Enter of an input method', () => {
    expect(sends({ ...enter, composing: true }, 'enter')).toBe(false)
  })
})

test('the length matters in its last tenth', () => {
  expect(remaining(899, 1_000)).toBeNull()
  expect(remaining(1_001, 1_000)).toBe(-1)
  expect(remaining(5_000, undefined)).toBeNull()
})
