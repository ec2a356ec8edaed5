// The WebSocket's frames, as far as this app reads them. A frame of an unknown type or event is ignored: a newer
// server may say more than an older page understands.
import type { Channel, Conversation, ConversationCounts, Message } from '@/api/types'

/** The part of a conversation that a new message moves. */
export type ConversationPatch = Pick<
  Conversation,
  'id' | 'last_seq' | 'status' | 'unread' | 'window_expires_at' | 'waiting_since' | 'version' | 'updated_at'
>

export type StatusReport = Pick<
  Message,
  'id' | 'conversation_id' | 'seq' | 'status' | 'status_at' | 'error' | 'provider_id' | 'version'
> & { at: string }

export type Events = {
  'message.created': { message: Message; conversation: ConversationPatch }
  'message.updated': { message: Message; conversation: ConversationPatch }
  'message.status': StatusReport
  'conversation.created': Conversation
  'conversation.updated': Conversation
  'conversation.removed': { id: string }
  /** A transition, with its place in the thread. */
  'conversation.event': { event: Message }
  /** The caller's own marker, moved in another tab or on another device. */
  'read.changed': { conversation_id: string; user_id: string; seq: number; unread: number }
  /** Counts are the caller's own, so the event may carry none and only ask for a fresh look. */
  'counts.changed': Partial<ConversationCounts>
  'channel.status': Pick<Channel, 'id' | 'status'> & { status_reason?: string | null }
  /** What the workspace is called and how it looks is to be read anew. */
  'workspace.changed': Record<string, never>
  'permissions.changed': Record<string, never>
  'session.revoked': Record<string, never>
}

export type EventName = keyof Events

export type EventFrame = {
  [Name in EventName]: {
    type: 'event'
    id: string
    cursor: string
    topic: string
    name: Name
    at: string
    data: Events[Name]
  }
}[EventName]

export type ServerFrame =
  | { type: 'hello'; cursor: string; server: string; heartbeat_s: number }
  | {
      type: 'subscribed'
      ref?: string
      topics: string[]
      cursor: string
      resumed: boolean
      reset: boolean
      replayed: number
    }
  | { type: 'pong'; ref?: string; cursor: string; counts?: ConversationCounts }
  | { type: 'cursor'; cursor: string }
  | { type: 'error'; ref?: string; code: string; topic?: string; request_id?: string }
  | { type: 'drain'; retry_after_ms: number }
  | EventFrame

export type ClientFrame =
  | { type: 'subscribe'; ref: string; topics: string[]; since?: string }
  | { type: 'unsubscribe'; topics: string[] }
  | { type: 'ping'; ref: string }

/** A text frame as an object; null for what is none, which only a broken server or proxy sends. */
export function parseFrame(text: string): ServerFrame | null {
  try {
    const frame: unknown = JSON.parse(text)
    return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as ServerFrame) : null
  } catch {
    return null
  }
}
