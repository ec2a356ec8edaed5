import { useEffect, useRef } from 'react'
import type { Conversation } from '@/api/types'
import { holeIn, type Thread } from '@/realtime/thread.model'
import { useFillHole } from '../api/list-messages'

/** An open thread that misses messages fetches them at once; each hole once, for a failure shows up at the next event. */
export function useSelfCheck(conversation: Conversation, thread: Thread | undefined): void {
  const { mutate } = useFillHole(conversation.id)
  const asked = useRef('')
  const hole = thread ? holeIn(thread, conversation.last_seq) : null
  const name = hole ? `${hole.after}-${hole.upTo}` : ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: name stands for the hole
  useEffect(() => {
    if (!hole || asked.current === name) return
    asked.current = name
    mutate(hole)
  }, [name, mutate])
}
