import type { Conversation, Sender } from '@/api/types'
import { type MessageKind, messageKind } from '../message-kind'

export type SnippetAuthor = { kind: 'you' | 'bot' | 'outside' } | { kind: 'colleague'; name: string } | null

export type Snippet = { author: SnippetAuthor; messageKind: MessageKind; text: string | null; failed: boolean }

/** Who spoke last and what, for one line. The contact's own words carry no author: the row is theirs. */
export function snippetOf(conversation: Conversation, userId: string): Snippet | null {
  const last = conversation.last_message
  if (!last) return null
  return {
    author: last.direction === 'in' ? null : authorOf(last.sender, userId),
    messageKind: messageKind(last.kind),
    text: last.text ? last.text.replace(/\s+/g, ' ').trim() : null,
    failed: last.status === 'failed',
  }
}

function authorOf(sender: Sender, userId: string): SnippetAuthor {
  if (sender.kind === 'user' && sender.id === userId) return { kind: 'you' }
  if (sender.kind === 'user' && sender.id !== null && sender.name) {
    return { kind: 'colleague', name: sender.name.split(' ')[0] ?? sender.name }
  }
  // A program of the workspace's own, by the name of its key.
  if (sender.kind === 'system' && sender.name) return { kind: 'colleague', name: sender.name }
  return sender.kind === 'user' ? { kind: 'outside' } : { kind: 'bot' }
}
