// Which rows a list shows, in which order, and how many wait. While pointer or focus is in the list its order does not
// change: rows change in place, and what would enter or move waits to be asked for.
import type { Conversation } from '@/api/types'
import { byActivity, lastActivity } from '@/realtime/conversations.model'

export type Arrangement = {
  rows: Conversation[]
  /** New or moved rows that are held back. */
  waiting: number
  /** What each row was sorted by when it took its place. */
  placed: ReadonlyMap<string, string>
}

export const nothingShown: Arrangement = { rows: [], waiting: 0, placed: new Map() }

type Situation = {
  held: boolean
  /** The open conversation: it keeps its place until the agent moves on, even when it has left the list. */
  selected: string | null
}

export function arrange(before: Arrangement, loaded: Conversation[], { held, selected }: Situation): Arrangement {
  const sorted = loaded.toSorted(byActivity)
  if (held && before.rows.length > 0) return hold(before, sorted)
  const rows = keepSelected(before, sorted, selected)
  return { rows, waiting: 0, placed: new Map(rows.map((row) => [row.id, lastActivity(row)])) }
}

function hold(before: Arrangement, sorted: Conversation[]): Arrangement {
  const fresh = new Map(sorted.map((row) => [row.id, row]))
  const rows = before.rows.map((row) => fresh.get(row.id) ?? row)
  const last = before.rows.at(-1)
  const end = last ? (before.placed.get(last.id) ?? '') : ''
  // An older page that was scrolled to is not news: it goes on below.
  const below = sorted.filter((row) => !before.placed.has(row.id) && lastActivity(row) <= end)
  const entering = sorted.filter((row) => !before.placed.has(row.id) && lastActivity(row) > end)
  const top = before.rows[0]?.id
  const moved = rows.filter((row) => {
    const placedBy = before.placed.get(row.id)
    return row.id !== top && placedBy !== undefined && lastActivity(row) > placedBy
  })
  const placed = new Map(before.placed)
  for (const row of below) placed.set(row.id, lastActivity(row))
  return { rows: [...rows, ...below], waiting: entering.length + moved.length, placed }
}

function keepSelected(before: Arrangement, sorted: Conversation[], selected: string | null): Conversation[] {
  if (selected === null || sorted.some((row) => row.id === selected)) return sorted
  const at = before.rows.findIndex((row) => row.id === selected)
  const kept = before.rows[at]
  return kept ? sorted.toSpliced(Math.min(at, sorted.length), 0, kept) : sorted
}

/** The neighbour of a row for the keys J and K; the first row when none is selected. */
export function neighbour(rows: Conversation[], selected: string | null, step: 1 | -1): Conversation | undefined {
  const at = rows.findIndex((row) => row.id === selected)
  return at < 0 ? rows[0] : rows[at + step]
}
