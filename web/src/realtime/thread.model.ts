// The loaded part of one conversation's thread: messages and transitions. Everything is pure.
//
// `seq` is dense over messages, notes and transitions together, and not all of them are asked for, so a missing number
// alone proves nothing. What proves is what was asked for: everything from `from` to `to` is here. A row above `to` + 1
// leaves a hole until the range after `to` has been fetched once.
import type { Message, MessagePage } from '@/api/types'
import type { StatusReport } from './frames'

export type Thread = { items: Message[]; from: number; to: number; hasBefore: boolean }

export type Hole = { after: number; upTo: number }

/** The newer of two states of one row: versions only grow, so a late answer never takes a status back. */
export function newerMessage(cached: Message | undefined, incoming: Message): Message {
  return cached && incoming.version < cached.version ? cached : incoming
}

/** The thread after its newest page was read: joined to what is loaded, or anew where the two do not touch. */
export function withNewest(thread: Thread | undefined, page: MessagePage): Thread {
  const first = page.items[0]?.seq
  const fresh: Thread = {
    items: page.items,
    from: page.has_before && first !== undefined ? first : 0,
    to: page.items.at(-1)?.seq ?? 0,
    hasBefore: page.has_before,
  }
  if (!thread || thread.to < fresh.from - 1) {
    // Rows above the page came over the socket while it was under way.
    const later = thread?.items.filter((item) => item.seq > fresh.to) ?? []
    return absorb({ ...fresh, items: [...fresh.items, ...later] })
  }
  const older = thread.from < fresh.from
  return absorb({
    items: merge(thread.items, page.items),
    from: older ? thread.from : fresh.from,
    to: Math.max(thread.to, fresh.to),
    hasBefore: older ? thread.hasBefore : fresh.hasBefore,
  })
}

/** A page that was asked for with `before` = the thread's `from`. */
export function withOlder(thread: Thread, page: MessagePage): Thread {
  const first = page.items[0]?.seq
  const more = page.has_before && first !== undefined
  return { ...thread, items: merge(thread.items, page.items), from: more ? first : 0, hasBefore: more }
}

/** A page that was asked for with `after` = the hole's. When nothing follows it, everything up to its end is here. */
export function withRange(thread: Thread, page: MessagePage, hole: Hole): Thread {
  const reached = page.has_after ? (page.items.at(-1)?.seq ?? thread.to) : hole.upTo
  return absorb({ ...thread, items: merge(thread.items, page.items), to: Math.max(thread.to, reached) })
}

/** One row that an event or an answer brought. What lies before the loaded part stays out. */
export function withRow(thread: Thread, row: Message): Thread {
  if (row.seq < thread.from) return thread
  return absorb({ ...thread, items: merge(thread.items, [row]) })
}

export function withReport(thread: Thread, report: StatusReport): Thread {
  const at = thread.items.findIndex((item) => item.id === report.id)
  const message = thread.items[at]
  if (!message || report.version <= message.version) return thread
  const { status, status_at, error, provider_id, version } = report
  return { ...thread, items: thread.items.with(at, { ...message, status, status_at, error, provider_id, version }) }
}

/**
 * The range to fetch, or null when everything is here. `lastSeq` is the conversation's own: what arrived while the
 * first page was under way is in neither.
 */
export function holeIn(thread: Thread, lastSeq: number): Hole | null {
  const upTo = Math.max(lastSeq, thread.items.at(-1)?.seq ?? 0)
  return upTo > thread.to ? { after: thread.to, upTo } : null
}

/** Moves `to` over the rows that follow it without a gap. */
function absorb(thread: Thread): Thread {
  let { to } = thread
  for (const { seq } of thread.items) if (seq === to + 1) to = seq
  return to === thread.to ? thread : { ...thread, to }
}

/** Both by id, ascending in seq. */
function merge(current: Message[], incoming: Message[]): Message[] {
  const byId = new Map(current.map((item) => [item.id, item]))
  for (const item of incoming) byId.set(item.id, newerMessage(byId.get(item.id), item))
  return [...byId.values()].sort((a, b) => a.seq - b.seq)
}
