import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { Conversation, Message } from '@/api/types'
import { useCommands } from '@/commands/commands'
import { pageSize, useLoadOlder } from '../api/list-messages'
import { contactName } from '../contact-name'
import { Bubble } from './bubble'
import { DayRow, NewRow, OlderNotice, StickyDay } from './dividers'
import { EventRow } from './event-row'
import { JumpToLatest } from './jump-to-latest'
import { LocalBubble } from './local-bubble'
import { receivedAfter, type ThreadRow } from './rows.model'
import { useJump } from './use-jump'
import { useReadMarker } from './use-read-marker'

type Props = {
  conversation: Conversation
  rows: ThreadRow[]
  hasBefore: boolean
  mayReply: boolean
  onReply: (message: Message) => void
  /** Grows when somebody wants to see the newest message. */
  looks: number
  /** The newest message this screen has shown. */
  onSeen: (seq: number) => void
}

const endThreshold = 80
const olderFrom = 5
const sizes: Record<ThreadRow['kind'], number> = { day: 40, event: 36, new: 32, message: 72, local: 72 }

export function ThreadRows({ conversation, rows, hasBefore, mayReply, onReply, looks, onSeen }: Props) {
  const { t } = useTranslation()
  const { user } = useSession()
  const scroller = useRef<HTMLDivElement>(null)
  const older = useLoadOlder(conversation.id)
  const [atEnd, setAtEnd] = useState(true)
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => sizes[rows[index]?.kind ?? 'message'],
    overscan: 12,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endThreshold,
  })
  const items = virtualizer.getVirtualItems()
  // Scrolling and measuring both draw anew; either may reach or leave the end.
  useLayoutEffect(() => setAtEnd(virtualizer.isAtEnd(endThreshold)))
  const { marked, jumpTo } = useJump({ rows, hasBefore, older, virtualizer })

  // Rows stand in the order of time; a message that arrived late is the newest though not the last.
  const lastSeq = Math.max(0, ...rows.map((row) => (row.kind === 'message' ? row.message.seq : 0)))
  const [seenSeq, setSeenSeq] = useState(lastSeq)
  if (atEnd && seenSeq !== lastSeq) setSeenSeq(lastSeq)
  useEffect(() => onSeen(seenSeq), [onSeen, seenSeq])
  useEffect(() => {
    if (looks > 0) virtualizer.scrollToEnd()
  }, [virtualizer, looks])
  useReadMarker(conversation, lastSeq, atEnd)
  useOpening(virtualizer, rows)
  useOwnAppend(virtualizer, rows)

  const first = items[0]?.index ?? 0
  const { mutate, isPending, isError } = older
  useEffect(() => {
    if (hasBefore && first < olderFrom && !isPending && !isError) mutate(pageSize)
  }, [hasBefore, first, isPending, isError, mutate])

  const toEnd = () => virtualizer.scrollToEnd()
  useCommands([{ id: 'latest', scope: 'conversation', keys: ['End'], run: toEnd }])

  const top = virtualizer.scrollOffset ?? 0
  const topRow = rows[items.find((item) => item.end > top)?.index ?? 0]
  return (
    <div className="relative min-h-0 flex-1">
      <StickyDay row={topRow} rows={rows} />
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t('thread.messages', { name: contactName(conversation.contact) })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="scroll-quiet flex h-full flex-col overflow-y-auto overscroll-contain outline-offset-[-2px]"
      >
        <div className="mt-auto px-6 pt-2 pb-4 max-desk:px-4">
          {(isPending || isError) && <OlderNotice failed={isError} onRetry={() => mutate(pageSize)} />}
          <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index]
              if (!row) return null
              return (
                <div
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {row.kind === 'day' && <DayRow at={row.at} />}
                  {row.kind === 'event' && <EventRow message={row.message} />}
                  {row.kind === 'new' && <NewRow count={row.count} />}
                  {row.kind === 'local' && (
                    <LocalBubble entry={row.entry} startsGroup={row.startsGroup} onJump={jumpTo} />
                  )}
                  {row.kind === 'message' && (
                    <Bubble
                      message={row.message}
                      startsGroup={row.startsGroup}
                      own={row.message.sender.kind === 'user' && row.message.sender.id === user.id}
                      mayReply={mayReply}
                      marked={row.message.seq === marked}
                      onReply={onReply}
                      onJump={jumpTo}
                    />
                  )}
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {!atEnd && <JumpToLatest count={receivedAfter(rows, seenSeq)} onJump={toEnd} />}
    </div>
  )
}

/** Opens at the first unread message when that is above the last screenful, else at the end. */
function useOpening(virtualizer: ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>, rows: ThreadRow[]) {
  const opened = useRef(false)
  useEffect(() => {
    if (opened.current || rows.length === 0) return
    opened.current = true
    const divider = rows.findIndex((row) => row.kind === 'new')
    const height = virtualizer.scrollRect?.height ?? 0
    const below = rows.slice(Math.max(0, divider)).reduce((sum, row) => sum + sizes[row.kind], 0)
    if (divider >= 0 && below > height) virtualizer.scrollToIndex(divider, { align: 'start' })
    else virtualizer.scrollToEnd()
  }, [virtualizer, rows])
}

/** Whoever sends wants to see it, wherever in the thread they were reading. */
function useOwnAppend(virtualizer: ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>, rows: ThreadRow[]) {
  const last = rows.at(-1)
  const key = last?.kind === 'local' ? last.key : null
  useEffect(() => {
    if (key !== null) virtualizer.scrollToEnd()
  }, [virtualizer, key])
}
