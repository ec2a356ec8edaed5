import { notifyManager, type QueryClient } from '@tanstack/react-query'
import { call, client } from '@/api/client'
import { conversationKeys } from '@/api/keys'
import { withLock } from '@/api/locks'
import { asProblem } from '@/api/problem'
import type { ConversationCounts } from '@/api/types'
import { applyEvent, type Caches, putConversation } from './apply'
import { Connection, type ConnectionState, idle, type SessionCheck } from './connection'
import { Emitter } from './emitter'
import type { EventFrame, ServerFrame } from './frames'
import type { Tabs } from './tabs'
import { Topics } from './topics'

type Options = { scope: string; userId: string; queries: QueryClient; tabs: Tabs }

const remembered = 2_000
const firstListLimit = 5_000
const countsEvery = 2_000

/**
 * Keeps this tab's caches equal to the server. One tab per workspace, user and browser profile holds the socket (the
 * leader, by a lock) and hands every frame to the others; each tab applies frames to its own caches and keeps its own
 * cursor beside them, so whichever tab leads next goes on from what it has.
 */
export class Realtime extends Emitter {
  private state = idle
  private cursor: string | null = null
  private readonly caches: Caches
  private readonly seen = new Set<string>()
  private queue: EventFrame[] = []
  private flushing: ReturnType<typeof setTimeout> | undefined
  private countsTimer: ReturnType<typeof setTimeout> | undefined
  private readonly fetching = new Set<string>()
  private readonly tab = Math.random().toString(36).slice(2)
  private readonly topics = new Topics(this.tab)
  private readonly eventListeners = new Set<(frame: EventFrame) => void>()
  private connection: Connection | null = null
  private running: AbortController | null = null
  private compareCounts = false

  constructor(private readonly options: Options) {
    super()
    const { queries, userId } = options
    this.caches = {
      queries,
      userId,
      fetchConversation: (id) => void this.fetchConversation(id),
      refreshCounts: () => this.refreshCounts(),
    }
  }

  readonly current = (): ConnectionState => this.state

  /** Starts listening to the other tabs and waits for the lead. Idempotent; `stop` ends both. */
  start(): void {
    if (this.running) return
    const running = new AbortController()
    const { signal } = running
    this.running = running
    const leave = this.options.tabs.listen((message) => {
      switch (message.kind) {
        case 'frame':
          return this.handle(message.frame)
        case 'state':
          return this.connection ? undefined : this.show(message.state)
        case 'who':
          if (this.connection) this.options.tabs.post({ kind: 'state', state: this.state })
          return this.postTopics()
        case 'topics':
          return this.listenFor(this.topics.set(message.tab, message.topics))
        case 'retry':
          return this.connection?.probe()
      }
    })
    const probe = () => {
      if (document.visibilityState === 'visible') this.retryNow()
    }
    const returning = () => {
      this.postTopics()
      probe()
    }
    document.addEventListener('visibilitychange', probe)
    window.addEventListener('online', probe)
    window.addEventListener('pageshow', returning)
    window.addEventListener('pagehide', this.forgetTopics)
    signal.addEventListener('abort', () => {
      leave()
      window.removeEventListener('pagehide', this.forgetTopics)
      document.removeEventListener('visibilitychange', probe)
      window.removeEventListener('online', probe)
      window.removeEventListener('pageshow', returning)
    })
    this.options.tabs.post({ kind: 'who' })
    withLock(`baraza.socket.${this.options.scope}`, () => this.lead(signal), signal).catch(() => {
      // The wait for the lead was ended by `stop`.
    })
  }

  stop(): void {
    if (!this.running) return
    this.forgetTopics()
    this.running.abort()
    this.running = null
    clearTimeout(this.flushing)
    clearTimeout(this.countsTimer)
  }

  /**
   * The cursor of a list that was just read. The first one decides where the stream begins, so nothing falls between
   * snapshot and stream; later ones are ignored, because only frames move a cursor.
   */
  offerCursor(cursor: string | null): void {
    if (!cursor || this.cursor !== null) return
    this.cursor = cursor
    this.connection?.start()
  }

  readonly retryNow = (): void => {
    if (this.connection) this.connection.probe()
    else this.options.tabs.post({ kind: 'retry' })
  }

  /** Listens to one conversation's own topic until the returned function is called. */
  watch(conversationId: string): () => void {
    const topic = `conversation:${conversationId}`
    this.topics.open(topic)
    this.topicsChanged()
    return () => {
      this.topics.close(topic)
      this.topicsChanged()
    }
  }

  /** Hears every applied event once; for what is no cache, such as an announcement. */
  onEvent(listener: (frame: EventFrame) => void): () => void {
    this.eventListeners.add(listener)
    return () => this.eventListeners.delete(listener)
  }

  private async lead(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const connection = new Connection({
      open: (ticket) => new WebSocket(socketAddress(ticket)),
      topics: () => this.topics.all(),
      since: () => this.cursor,
      checkSession,
      onFrame: (frame) => {
        this.options.tabs.post({ kind: 'frame', frame })
        this.handle(frame)
      },
      onState: (state) => {
        this.options.tabs.post({ kind: 'state', state })
        this.show(state)
      },
    })
    this.connection = connection
    // The stream begins at the cursor of the first list. When none can be read, subscribing before reading has no gap
    // either.
    const patience = setTimeout(() => connection.start(), this.cursor === null ? firstListLimit : 0)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    clearTimeout(patience)
    this.connection = null
    connection.stop()
  }

  private handle(frame: ServerFrame): void {
    switch (frame.type) {
      case 'event':
        this.enqueue(frame)
        break
      case 'pong':
        this.count(frame.counts)
        this.cursor = frame.cursor
        break
      case 'cursor':
        this.cursor = frame.cursor
        break
      case 'subscribed':
        if (frame.reset) this.reset()
        this.compareCounts ||= frame.resumed
        this.cursor = frame.cursor
        break
    }
  }

  private enqueue(frame: EventFrame): void {
    if (this.seen.has(frame.id)) return
    this.seen.add(frame.id)
    if (this.seen.size > remembered) this.seen.delete(this.seen.values().next().value ?? '')
    this.queue.push(frame)
    // Fifty messages a second are one update of the screen every frame, not fifty.
    this.flushing ??= setTimeout(() => this.flush(), 16)
  }

  private flush(): void {
    this.flushing = undefined
    const frames = this.queue
    this.queue = []
    notifyManager.batch(() => {
      for (const frame of frames) applyEvent(this.caches, frame)
    })
    for (const frame of frames) for (const listener of this.eventListeners) listener(frame)
  }

  /** The server cannot replay: what is on screen is read again, the rest is marked stale. */
  private reset(): void {
    this.seen.clear()
    this.queue = []
    void this.options.queries.invalidateQueries()
  }

  /** Counts of each pong; the first after a return also proves the lists, and a difference reads them again. */
  private count(counts: ConversationCounts | undefined): void {
    if (!counts) return
    const { queries } = this.options
    const known = queries.getQueryData<ConversationCounts>(conversationKeys.counts)
    queries.setQueryData(conversationKeys.counts, counts)
    const differs = known !== undefined && JSON.stringify(known) !== JSON.stringify(counts)
    if (this.compareCounts && differs) void queries.invalidateQueries({ queryKey: conversationKeys.lists })
    this.compareCounts = false
  }

  /** In a busy workspace every message moves a count of somebody: one read for all of a few seconds. */
  private refreshCounts(): void {
    this.countsTimer ??= setTimeout(() => {
      this.countsTimer = undefined
      void this.options.queries.invalidateQueries({ queryKey: conversationKeys.counts })
    }, countsEvery)
  }

  private async fetchConversation(id: string): Promise<void> {
    if (this.fetching.has(id)) return
    this.fetching.add(id)
    try {
      putConversation(this.caches, await call(client.GET('/api/conversations/{id}', { params: { path: { id } } })))
    } catch (error) {
      // Not visible to this user, or the next event of it tries again: nothing on screen depends on the row.
      if (!asProblem(error)) throw error
    } finally {
      this.fetching.delete(id)
    }
  }

  private topicsChanged(): void {
    this.listenFor(this.topics.setMine())
    if (!this.connection) this.postTopics()
  }

  private postTopics(): void {
    this.options.tabs.post({ kind: 'topics', tab: this.tab, topics: this.topics.mine() })
  }

  /** A page that is gone listens to nothing; one that comes back from the browser's cache says so again. */
  private readonly forgetTopics = (): void => {
    this.options.tabs.post({ kind: 'topics', tab: this.tab, topics: [] })
  }

  private listenFor({ added, removed }: { added: string[]; removed: string[] }): void {
    this.connection?.subscribe(added)
    this.connection?.unsubscribe(removed)
  }

  private show(state: ConnectionState): void {
    this.state = state
    this.emit()
  }
}

function socketAddress(ticket: string | null): string {
  const address = new URL('/api/ws', window.location.origin.replace(/^http/, 'ws'))
  if (ticket) address.searchParams.set('ticket', ticket)
  return address.href
}

async function checkSession(): Promise<SessionCheck> {
  try {
    return { ticket: (await call(client.POST('/api/ws/ticket'))).ticket }
  } catch (error) {
    const problem = asProblem(error)
    if (problem?.signedOut) return 'signed_out'
    return problem?.status === 403 ? 'suspended' : 'unreachable'
  }
}
