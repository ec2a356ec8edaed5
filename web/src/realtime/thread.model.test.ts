import { describe, expect, test } from 'vitest'
import { messageFactory, messagePage } from '@/test/factories'
import { holeIn, type Thread, withNewest, withOlder, withRange, withReport, withRow } from './thread.model'

const seqs = (thread: Thread) => thread.items.map((item) => item.seq)
const received = (...numbers: number[]) => numbers.map((seq) => messageFactory.received(seq))
const loaded = (...numbers: number[]) => withNewest(undefined, messagePage(received(...numbers), { before: true }))

describe('a hole in seq', () => {
  test('is none while rows follow each other', () => {
    const thread = withRow(loaded(4, 5), messageFactory.received(6))
    expect(holeIn(thread, 6)).toBeNull()
  })

  test('is the range before a row that came too early, and is closed by fetching it', () => {
    const eighth = messageFactory.received(8)
    const early = withRow(loaded(4, 5), eighth)
    expect(holeIn(early, 8)).toEqual({ after: 5, upTo: 8 })
    const whole = withRange(early, messagePage([...received(6, 7), eighth]), { after: 5, upTo: 8 })
    expect(seqs(whole)).toEqual([4, 5, 6, 7, 8])
    expect(holeIn(whole, 8)).toBeNull()
  })

  test('is closed by an empty answer, so it is not asked for again', () => {
    const early = withRow(loaded(4, 5), messageFactory.received(8))
    expect(holeIn(withRange(early, messagePage([]), { after: 5, upTo: 8 }), 8)).toBeNull()
  })

  test('goes on where a full page ended', () => {
    const early = withRow(loaded(1), messageFactory.received(9))
    const more = withRange(early, messagePage(received(2, 3, 4), { after: true }), { after: 1, upTo: 9 })
    expect(holeIn(more, 9)).toEqual({ after: 4, upTo: 9 })
  })

  test('shows when the conversation speaks of a row that is nowhere', () => {
    expect(holeIn(loaded(4, 5), 7)).toEqual({ after: 5, upTo: 7 })
  })
})

describe('pages', () => {
  test('older ones go in front and end at the first row', () => {
    const older = withOlder(loaded(3, 4), messagePage(received(1, 2)))
    expect(seqs(older)).toEqual([1, 2, 3, 4])
    expect(older).toMatchObject({ from: 0, hasBefore: false })
  })

  test('a newest page that touches what is loaded joins it', () => {
    const joined = withNewest(loaded(3, 4), messagePage(received(5, 6), { before: true }))
    expect(seqs(joined)).toEqual([3, 4, 5, 6])
    expect(joined.from).toBe(3)
  })

  test('a newest page beyond a gap starts anew', () => {
    const anew = withNewest(loaded(3, 4), messagePage(received(90, 91), { before: true }))
    expect(seqs(anew)).toEqual([90, 91])
    expect(anew).toMatchObject({ from: 90, hasBefore: true })
  })

  test('a row before the loaded part stays out', () => {
    const thread = loaded(5, 6)
    expect(withRow(thread, messageFactory.received(2))).toBe(thread)
  })
})

describe('versions', () => {
  const report = (
    message: ReturnType<typeof messageFactory.ours>,
    status: 'sent' | 'delivered' | 'queued',
    version: number,
  ) => ({
    ...message,
    status,
    version,
    at: message.created_at,
  })

  test('an older report is dropped, so a status never goes back', () => {
    const message = messageFactory.ours(2, 'delivered', { version: 3 })
    const thread = withNewest(undefined, messagePage([message]))
    expect(withReport(thread, report(message, 'sent', 2))).toBe(thread)
  })

  test("a person's retry is a newer version and does set it back", () => {
    const message = messageFactory.failed(2, true)
    const thread = withNewest(undefined, messagePage([message]))
    expect(withReport(thread, report(message, 'queued', 2)).items[0]?.status).toBe('queued')
  })

  test('a late answer does not replace a newer row', () => {
    const message = messageFactory.ours(2, 'read', { version: 4 })
    const thread = withNewest(undefined, messagePage([message]))
    expect(withRow(thread, { ...message, status: 'sent', version: 2 }).items[0]?.status).toBe('read')
  })
})
