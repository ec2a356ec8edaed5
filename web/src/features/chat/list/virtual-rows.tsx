import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationFilter } from '@/api/keys'
import type { Conversation } from '@/api/types'
import { useDrafts } from '@/realtime/workspace'
import { Button } from '@/ui/button'
import { requestComposerFocus } from '../composer/focus'
import { ConversationRow } from './conversation-row'

type Props = {
  rows: Conversation[]
  filter: ConversationFilter
  selected: string | null
  onScrolled: (away: boolean) => void
  onNearEnd: (() => void) | undefined
  loadingMore: boolean
  moreFailed: boolean
}

const rowHeight = 72
const prefetchAt = 0.7

export function VirtualRows(props: Props) {
  const { rows, filter, selected, onScrolled, onNearEnd, loadingMore, moreFailed } = props
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const drafts = useDrafts()
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  })
  const items = virtualizer.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  const near = lastShown + 1 >= rows.length * prefetchAt

  useEffect(() => {
    if (near && !moreFailed) onNearEnd?.()
  }, [near, moreFailed, onNearEnd])

  const selectedAt = rows.findIndex((row) => row.id === selected)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another selection scrolls, not every moved row
  useEffect(() => {
    if (selectedAt >= 0) virtualizer.scrollToIndex(selectedAt, { align: 'auto' })
  }, [selected])

  const tabStop = rows.some((row) => row.id === focused) ? focused : selectedAt >= 0 ? selected : (rows[0]?.id ?? null)

  const focusRow = (index: number) => {
    const row = rows[index]
    if (!row) return
    setFocused(row.id)
    virtualizer.scrollToIndex(index, { align: 'auto' })
    requestAnimationFrame(() => document.getElementById(`conversation-${row.id}`)?.focus())
  }
  const handleKeyDown = (event: KeyboardEvent) => {
    const at = rows.findIndex((row) => `conversation-${row.id}` === (event.target as HTMLElement).id)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]
    if (at >= 0 && to !== undefined) {
      event.preventDefault()
      focusRow(to)
    } else if (event.key === 'Enter' && rows[at]) {
      requestComposerFocus(rows[at].id) // the link itself opens the conversation
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what happens to the rows inside
    <div
      ref={scroller}
      className="scroll-quiet min-h-0 flex-1 overflow-y-auto overscroll-contain"
      onScroll={(event) => onScrolled(event.currentTarget.scrollTop > rowHeight)}
      onKeyDown={handleKeyDown}
    >
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <li
              key={item.key}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <ConversationRow
                conversation={row}
                filter={filter}
                selected={row.id === selected}
                draft={row.id === selected ? null : drafts.get(row.id)?.text || null}
                tabStop={row.id === tabStop}
              />
            </li>
          )
        })}
      </ul>
      {loadingMore && <p className="p-3 text-center text-ink-3 text-meta">{t('list.loading_more')}</p>}
      {moreFailed && onNearEnd && (
        <p className="flex items-center justify-center gap-2 p-3 text-ink-2 text-meta">
          {t('list.more_failed')}
          <Button size="compact" onClick={onNearEnd}>
            {t('error.retry')}
          </Button>
        </p>
      )}
    </div>
  )
}
