import type { Message, MessageStatus } from '@/api/types'

/** What a bubble of ours shows: the server's statuses, and `local` before the server knows of it. */
export type TickState = 'local' | Exclude<MessageStatus, 'received'>

const unknownPatience = 10 * 60_000

export type RetryOffer = 'retry' | 'force' | null

/**
 * Whether a person may send the message again. `force` is the offer for one that nobody confirmed for ten minutes:
 * the customer may get it twice, so it is said and never done by itself.
 */
export function retryOffer(message: Message, now: number): RetryOffer {
  if (message.status === 'failed') return message.error?.retryable ? 'retry' : null
  if (message.status !== 'unknown') return null
  return now - Date.parse(message.created_at) >= unknownPatience ? 'force' : null
}
