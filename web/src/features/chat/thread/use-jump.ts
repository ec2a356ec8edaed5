import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useState } from 'react'
import { longestPage, type useLoadOlder } from '../api/list-messages'
import type { ThreadRow } from './rows.model'

type Target = { seq: number; loads: number }

// Two thousand messages back; a quote further away stays where it is.
const mostLoads = 10
const markedFor = 2_000

type Options = {
  rows: ThreadRow[]
  hasBefore: boolean
  older: ReturnType<typeof useLoadOlder>
  virtualizer: Virtualizer<HTMLDivElement, Element>
}

/** Goes to a message by its seq, loading what lies between, and marks it for two seconds. */
export function useJump({ rows, hasBefore, older, virtualizer }: Options) {
  const [target, setTarget] = useState<Target | null>(null)
  const [marked, setMarked] = useState<number | null>(null)

  useEffect(() => {
    if (!target || older.isPending) return
    const index = rows.findIndex((row) => row.kind === 'message' && row.message.seq === target.seq)
    if (index >= 0) {
      virtualizer.scrollToIndex(index, { align: 'center' })
      setMarked(target.seq)
      setTarget(null)
    } else if (hasBefore && !older.isError && target.loads < mostLoads) {
      setTarget({ ...target, loads: target.loads + 1 })
      older.mutate(longestPage)
    } else {
      setTarget(null)
    }
  }, [target, rows, hasBefore, older, virtualizer])

  useEffect(() => {
    if (marked === null) return
    const timer = setTimeout(() => setMarked(null), markedFor)
    return () => clearTimeout(timer)
  }, [marked])

  return { marked, jumpTo: (seq: number) => setTarget({ seq, loads: 0 }) }
}
