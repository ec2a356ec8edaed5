import { expect, test } from 'vitest'
import type { Conversation } from '@/api/types'
import { colleague, conversationFactory, user } from '@/test/factories'
import { snippetOf } from './snippet.model'

type LastMessage = NonNullable<Conversation['last_message']>

const saying = (change: Partial<LastMessage>) => {
  const row = conversationFactory.mine()
  const last = row.last_message as LastMessage
  return snippetOf({ ...row, last_message: { ...last, ...change } }, user.id)
}

test('names who of us spoke last, and leaves the contact without a byline', () => {
  const out = { direction: 'out' as const }
  expect(saying({})?.author).toBeNull()
  expect(saying({ ...out, sender: { kind: 'user', ...user } })?.author).toEqual({ kind: 'you' })
  expect(saying({ ...out, sender: { kind: 'user', ...colleague } })?.author).toEqual({
    kind: 'colleague',
    name: 'Sarah',
  })
  expect(saying({ ...out, sender: { kind: 'user', id: null, name: '' } })?.author).toEqual({ kind: 'outside' })
  expect(saying({ ...out, sender: { kind: 'bot', id: null, name: 'Bot' } })?.author).toEqual({ kind: 'bot' })
})

test('is one line, and a kind this version does not know is unsupported', () => {
  expect(saying({ text: 'one\n two ' })?.text).toBe('one two')
  expect(saying({ text: null, kind: 'hologram' })).toMatchObject({ text: null, messageKind: 'unsupported' })
})
