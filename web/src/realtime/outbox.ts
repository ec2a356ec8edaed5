import { withLock } from '@/api/locks'
import { asProblem, type Problem } from '@/api/problem'
import type { Message, Quote } from '@/api/types'
import type { Drafts } from './drafts'
import { Emitter } from './emitter'
import { erase, eraseAll, readAll, write } from './storage'
import type { Tabs } from './tabs'
import { uuidv7 } from './uuid'

/** A message on its way out that no server has acknowledged. `client_id` sorts by the moment of sending. */
export type OutboxEntry = {
  scope: string
  client_id: string
  conversation_id: string
  text: string
  reply_to: Quote | null
  /** What the writer had seen; the server refuses the message when somebody else wrote since. Null: send it anyway. */
  if_last_seq: number | null
  created_at: string
}

type Options = {
  scope: string
  tabs: Tabs
  drafts: Drafts
  /** One POST; throws a Problem. */
  send: (entry: OutboxEntry) => Promise<Message>
  /** Runs before the entry leaves the outbox, so that its bubble never disappears in between. */
  onSent: (message: Message) => void
}

const firstPause = 1_000
const longestPause = 30_000

/**
 * Messages leave once and in order: per conversation one at a time, in the order of writing, and only from the one tab
 * that holds the lock. A failure that may pass keeps the entry and everything behind it; a refusal gives the text back
 * as a draft. The server knows a repeated `client_id`, so a lost answer costs nothing.
 */
export class Outbox extends Emitter {
  private list: readonly OutboxEntry[] = []
  /** Entries on their way to the disk, and those on their way off it: what a read of the disk does not know yet. */
  private readonly unsaved = new Set<string>()
  private readonly gone = new Set<string>()
  private readonly sending = new Map<string, Promise<void>>()
  private readonly pauses = new Map<string, { timer: ReturnType<typeof setTimeout>; length: number }>()
  private readonly stopListening: () => void
  private running: AbortController | null = null
  private draining = false

  constructor(private readonly options: Options) {
    super()
    this.stopListening = options.tabs.listen((message) => {
      if (message.kind !== 'outbox') return
      if (message.sent) options.onSent(message.sent)
      this.load().catch(() => {}) // Blocked storage: the entries in memory stay what they are.
    })
  }

  readonly entries = (): readonly OutboxEntry[] => this.list

  /** Reads what other tabs and earlier pages left, and sends it if this tab is the one that sends. */
  async load(): Promise<void> {
    const stored = await readAll<OutboxEntry>('outbox', this.options.scope)
    const known = stored.filter((entry) => !this.gone.has(entry.client_id))
    const added = this.list.filter((entry) => this.unsaved.has(entry.client_id))
    this.set([...known, ...added.filter((entry) => !known.some((item) => item.client_id === entry.client_id))])
    this.drain()
  }

  /** Shows the message at once; it is on disk before the first try. */
  async add(
    conversationId: string,
    text: string,
    replyTo: Quote | null,
    ifLastSeq: number | null = null,
  ): Promise<OutboxEntry> {
    const entry: OutboxEntry = {
      scope: this.options.scope,
      client_id: uuidv7(),
      conversation_id: conversationId,
      text,
      reply_to: replyTo,
      if_last_seq: ifLastSeq,
      created_at: new Date().toISOString(),
    }
    this.unsaved.add(entry.client_id)
    this.set([...this.list, entry])
    try {
      await write('outbox', entry)
      this.unsaved.delete(entry.client_id)
      this.options.tabs.post({ kind: 'outbox' })
      this.drain()
    } catch {
      // Storage is full or blocked, so no other tab can see the entry: this one sends it itself.
      void this.sendAll(conversationId)
    }
    return entry
  }

  /** Becomes the sending tab when no other is; until `stop`. */
  start(): void {
    if (this.running) return
    const running = new AbortController()
    this.running = running
    const untilStopped = () =>
      new Promise<void>((resolve) => running.signal.addEventListener('abort', () => resolve(), { once: true }))
    withLock(
      `baraza.outbox.${this.options.scope}`,
      async () => {
        if (running.signal.aborted) return
        this.draining = true
        // Whatever the disk says about entries, those in memory stay: a blocked storage must not stop sending.
        await this.load().catch(() => this.drain())
        await untilStopped()
      },
      running.signal,
    ).catch(() => {
      // The wait for the lock was aborted by `stop`.
    })
  }

  stop(): void {
    this.running?.abort()
    this.running = null
    this.draining = false
    for (const { timer } of this.pauses.values()) clearTimeout(timer)
    this.pauses.clear()
  }

  close(): void {
    this.stop()
    this.stopListening()
  }

  /** The network is back, or a person asked: every pause ends. */
  readonly retryNow = (): void => {
    for (const { timer } of this.pauses.values()) clearTimeout(timer)
    this.pauses.clear()
    this.drain()
  }

  async wipe(): Promise<void> {
    this.stop()
    this.set([])
    await eraseAll('outbox', this.options.scope)
  }

  private drain(): void {
    if (!this.draining) return
    for (const conversationId of new Set(this.list.map((entry) => entry.conversation_id))) {
      if (!this.pauses.has(conversationId)) void this.sendAll(conversationId)
    }
  }

  private sendAll(conversationId: string): Promise<void> {
    const underWay = this.sending.get(conversationId)
    if (underWay) return underWay
    const work = this.sendInOrder(conversationId).finally(() => this.sending.delete(conversationId))
    this.sending.set(conversationId, work)
    return work
  }

  private async sendInOrder(conversationId: string): Promise<void> {
    for (;;) {
      const entry = this.list.find((item) => item.conversation_id === conversationId)
      if (!entry) return
      try {
        const message = await this.options.send(entry)
        this.options.onSent(message)
        this.pauses.delete(conversationId)
        await this.drop([entry], message)
      } catch (error) {
        const problem = asProblem(error)
        if (!problem || problem.passing || problem.signedOut) {
          this.pause(conversationId, problem)
          return
        }
        // What was written after a refused message was meant to follow it: all of it comes back, in order.
        const queue = this.list.filter((item) => item.conversation_id === conversationId)
        const text = queue.map((item) => item.text).join('\n')
        const refused = {
          code: problem.code,
          detail: problem.message,
          requestId: problem.requestId,
          seen: entry.if_last_seq,
        }
        this.options.drafts.giveBack(conversationId, text, entry.reply_to, refused)
        await this.drop(queue)
      }
    }
  }

  private pause(conversationId: string, problem: Problem | null): void {
    const before = this.pauses.get(conversationId)?.length ?? firstPause / 2
    const length = Math.min(longestPause, before * 2)
    const wait = problem?.retryAfter ? problem.retryAfter * 1_000 : length
    clearTimeout(this.pauses.get(conversationId)?.timer)
    const timer = setTimeout(() => void this.sendAll(conversationId), wait)
    this.pauses.set(conversationId, { timer, length })
  }

  private async drop(entries: OutboxEntry[], sent?: Message): Promise<void> {
    const ids = entries.map((entry) => entry.client_id)
    for (const id of ids) {
      this.gone.add(id)
      this.unsaved.delete(id)
    }
    this.set(this.list.filter((item) => !ids.includes(item.client_id)))
    // An entry that cannot be erased is sent again by the next page under the same client_id: harmless.
    await Promise.all(ids.map((id) => erase('outbox', this.options.scope, id))).catch(() => {})
    this.options.tabs.post(sent ? { kind: 'outbox', sent } : { kind: 'outbox' })
  }

  private set(entries: readonly OutboxEntry[]): void {
    this.list = entries
    this.emit()
  }
}
