import { useQuery } from '@tanstack/react-query'
import { useSession } from '@/api/session'
import type { Message } from '@/api/types'
import { threadQuery } from '../api/list-messages'

/** What others wrote below what this screen has shown; the thread itself fetches it. */
export function useUnseen(conversationId: string, seen: number | null): Message[] {
  const { user } = useSession()
  const thread = useQuery({ ...threadQuery(conversationId), enabled: false }).data
  if (!thread || seen === null) return []
  return thread.items.filter(
    ({ seq, kind, sender }) => seq > seen && kind !== 'event' && !(sender.kind === 'user' && sender.id === user.id),
  )
}
