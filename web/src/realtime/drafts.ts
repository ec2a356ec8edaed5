import type { Quote } from '@/api/types'
import { Emitter } from './emitter'
import { erase, eraseAll, readAll, write } from './storage'
import type { Tabs } from './tabs'

/** Why the server did not take a message; shown above the text it gave back. */
export type Refusal = {
  code: string
  detail: string
  requestId: string | null
  /** What the writer had seen when they sent it. */
  seen: number | null
}

export type Draft = {
  scope: string
  conversation_id: string
  text: string
  reply_to: Quote | null
  refused: Refusal | null
  updated_at: number
}

const settleAfter = 300

/**
 * What is being written, per conversation. The memory is the truth of this tab; it reaches IndexedDB 300 ms after the
 * last keystroke and at once when the page is left. Between tabs the later keystroke wins.
 */
export class Drafts extends Emitter {
  private drafts: ReadonlyMap<string, Draft> = new Map()
  private readonly unsaved = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly stopListening: () => void

  constructor(
    private readonly scope: string,
    private readonly tabs: Tabs,
  ) {
    super()
    this.stopListening = tabs.listen((message) => {
      if (message.kind === 'draft') this.accept(message.draft)
    })
  }

  /** Reads what earlier pages left; text typed meanwhile is newer and stays. */
  async load(): Promise<void> {
    for (const draft of await readAll<Draft>('drafts', this.scope)) this.accept(draft)
  }

  readonly all = (): ReadonlyMap<string, Draft> => this.drafts

  get(conversationId: string): Draft | undefined {
    return this.drafts.get(conversationId)
  }

  change(conversationId: string, change: Partial<Pick<Draft, 'text' | 'reply_to' | 'refused'>>): void {
    const current = this.drafts.get(conversationId)
    this.put({
      scope: this.scope,
      conversation_id: conversationId,
      text: '',
      reply_to: null,
      refused: null,
      ...current,
      ...change,
      updated_at: Date.now(),
    })
    clearTimeout(this.unsaved.get(conversationId))
    this.unsaved.set(
      conversationId,
      setTimeout(() => this.save(conversationId), settleAfter),
    )
  }

  /** After a send: nothing is left to keep. */
  clear(conversationId: string): void {
    if (!this.drafts.has(conversationId)) return
    this.change(conversationId, { text: '', reply_to: null, refused: null })
    this.save(conversationId)
  }

  /** A refused message comes back in front of what has been typed since. */
  giveBack(conversationId: string, text: string, replyTo: Quote | null, refused: Refusal): void {
    const typed = this.drafts.get(conversationId)?.text ?? ''
    this.change(conversationId, { text: typed ? `${text}\n${typed}` : text, reply_to: replyTo, refused })
    this.save(conversationId)
  }

  /** Saves what the timers still hold; for pagehide. */
  readonly flush = (): void => {
    for (const conversationId of this.unsaved.keys()) this.save(conversationId)
  }

  async wipe(): Promise<void> {
    for (const timer of this.unsaved.values()) clearTimeout(timer)
    this.unsaved.clear()
    this.drafts = new Map()
    this.emit()
    await eraseAll('drafts', this.scope)
  }

  close(): void {
    this.flush()
    this.stopListening()
  }

  private save(conversationId: string): void {
    clearTimeout(this.unsaved.get(conversationId))
    this.unsaved.delete(conversationId)
    const draft = this.drafts.get(conversationId)
    if (!draft) return
    this.tabs.post({ kind: 'draft', draft })
    const saved = isEmpty(draft) ? erase('drafts', this.scope, conversationId) : write('drafts', draft)
    // A full or blocked storage leaves the text in memory, where the person sees it; the next keystroke tries again.
    saved.catch(() => {})
  }

  private accept(draft: Draft): void {
    const own = this.drafts.get(draft.conversation_id)
    if (!own || own.updated_at < draft.updated_at) this.put(draft)
  }

  private put(draft: Draft): void {
    this.drafts = new Map(this.drafts).set(draft.conversation_id, draft)
    this.emit()
  }
}

function isEmpty(draft: Draft): boolean {
  return draft.text === '' && draft.reply_to === null && draft.refused === null
}
