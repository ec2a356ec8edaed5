import { useEffect, useRef } from 'react'
import type { Conversation } from '@/api/types'
import { useMarkRead } from '../api/mark-read'

/** Moves the caller's marker to the last message while the thread is looked at: page visible and at its end. */
export function useReadMarker(conversation: Conversation, lastSeq: number, atEnd: boolean): void {
  const { mutate } = useMarkRead()
  const marked = useRef(0)
  const { id, unread } = conversation
  useEffect(() => {
    const mark = () => {
      if (document.visibilityState !== 'visible' || !atEnd || unread === 0 || lastSeq <= marked.current) return
      marked.current = lastSeq
      mutate({ id, seq: lastSeq })
    }
    mark()
    document.addEventListener('visibilitychange', mark)
    return () => document.removeEventListener('visibilitychange', mark)
  }, [id, unread, lastSeq, atEnd, mutate])
}
