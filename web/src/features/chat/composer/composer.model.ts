import type { Channel, Conversation } from '@/api/types'
import { windowState } from '../window.model'

/** Why nothing may be written now; null when it may. */
export type Block = 'no_permission' | 'conversation_closed' | 'channel_disabled' | 'window_closed'

type Situation = { conversation: Conversation; channel: Channel | undefined; mayReply: boolean; now: number }

export function blockOf({ conversation, channel, mayReply, now }: Situation): Block | null {
  if (!mayReply) return 'no_permission'
  if (conversation.status === 'closed') return 'conversation_closed'
  if (channel?.status === 'disabled') return 'channel_disabled'
  return windowState(conversation.window_expires_at, now).kind === 'closed' ? 'window_closed' : null
}

export type SendKey = 'mod_enter' | 'enter'

type Press = { key: string; shift: boolean; mod: boolean; composing: boolean }

/** ⌘Enter and Ctrl+Enter always send; Enter alone only for those who chose it. An input method's Enter is its own. */
export function sends({ key, shift, mod, composing }: Press, sendKey: SendKey): boolean {
  if (key !== 'Enter' || composing) return false
  return mod || (sendKey === 'enter' && !shift)
}

/** How many characters are left, once that begins to matter. */
export function remaining(length: number, most: number | undefined): number | null {
  if (most === undefined || length < most * 0.9) return null
  return most - length
}
