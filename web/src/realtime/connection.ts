import { type ClientFrame, parseFrame, type ServerFrame } from './frames'

export type StopReason = 'signed_out' | 'suspended' | 'protocol'

/**
 * `idle` before the first try, `connecting` until the subscription is confirmed, `live`, `waiting` between tries,
 * `stopped` when trying again is pointless. `lostAt` is when the last live moment ended; null while nothing was lost.
 */
export type ConnectionState = {
  phase: 'idle' | 'connecting' | 'live' | 'waiting' | 'stopped'
  lostAt: number | null
  reason: StopReason | null
  /** How many missed events the last return brought, and when it was; null before the first return. */
  returned: { at: number; updates: number } | null
}

export const idle: ConnectionState = { phase: 'idle', lostAt: null, reason: null, returned: null }

/** What the HTTP side says about the session when the socket alone cannot know. */
export type SessionCheck = { ticket: string } | 'signed_out' | 'suspended' | 'unreachable'

type Options = {
  /** Opens the socket; with a ticket where the cookie was not enough. */
  open: (ticket: string | null) => WebSocket
  topics: () => string[]
  /** The newest cursor any frame handed out, or that of the first list. */
  since: () => string | null
  onFrame: (frame: ServerFrame) => void
  onState: (state: ConnectionState) => void
  checkSession: () => Promise<SessionCheck>
  random?: () => number
}

const pingEvery = 20_000
const silenceLimit = 45_000
const probeLimit = 2_000
const firstDelay = 500
const longestDelay = 30_000
const frameRateDelay = 10_000

/** One WebSocket kept open: heartbeat, close codes, backoff. What frames mean is not its business. */
export class Connection {
  private state = idle
  private socket: WebSocket | null = null
  private attempt = 0
  private protocolErrors = 0
  private needsTicket = false
  private drainDelay: number | null = null
  private heardAt = 0
  private pingedAt = 0
  private unanswered = false
  private references = 0
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private probeTimer: ReturnType<typeof setTimeout> | undefined
  private heartbeat: ReturnType<typeof setInterval> | undefined

  constructor(private readonly options: Options) {}

  start(): void {
    if (this.state.phase === 'idle') void this.connect()
  }

  stop(): void {
    this.release()
    this.move({ ...idle })
  }

  /** The page is visible again, the network is back, a person asked: be sure of the connection within two seconds. */
  probe(): void {
    if (this.state.phase === 'waiting') void this.connect()
    if (this.state.phase !== 'live') return
    this.ping()
    clearTimeout(this.probeTimer)
    this.probeTimer = setTimeout(() => this.lost(firstDelay, true), probeLimit)
  }

  /** More to listen to, on the open connection; after a reconnect `topics` names everything anyway. */
  subscribe(topics: string[]): void {
    if (this.state.phase === 'live' && topics.length > 0)
      this.send({ type: 'subscribe', ref: this.reference(), topics })
  }

  unsubscribe(topics: string[]): void {
    if (this.state.phase === 'live' && topics.length > 0) this.send({ type: 'unsubscribe', topics })
  }

  private async connect(): Promise<void> {
    this.release()
    this.move({ ...this.state, phase: 'connecting', reason: null })
    let ticket: string | null = null
    if (this.needsTicket) {
      const check = await this.options.checkSession()
      if (this.state.phase !== 'connecting') return
      if (typeof check === 'string') {
        if (check === 'unreachable') this.retry(this.backoff())
        else this.give(check)
        return
      }
      ticket = check.ticket
    }
    const socket = this.options.open(ticket)
    this.socket = socket
    socket.onmessage = (event) => this.hear(String(event.data))
    socket.onclose = (event) => this.closed(event.code)
  }

  private hear(text: string): void {
    const frame = parseFrame(text)
    if (!frame) return
    this.heardAt = Date.now()
    this.unanswered = false
    clearTimeout(this.probeTimer)
    switch (frame.type) {
      case 'hello': {
        this.needsTicket = false
        const since = this.options.since()
        const topics = this.options.topics()
        this.send({ type: 'subscribe', ref: this.reference(), topics, ...(since ? { since } : {}) })
        break
      }
      case 'subscribed':
        if (this.state.phase !== 'live') this.live(frame.replayed)
        break
      case 'drain':
        this.drainDelay = frame.retry_after_ms
        break
    }
    this.options.onFrame(frame)
  }

  private live(updates: number): void {
    this.attempt = 0
    this.protocolErrors = 0
    const returned = this.state.lostAt === null ? this.state.returned : { at: Date.now(), updates }
    this.move({ phase: 'live', lostAt: null, reason: null, returned })
    this.ping()
    // Looked at more often than pinged: a hidden tab's timers run once a minute, so silence is judged only after a
    // ping had the chance to be answered.
    this.heartbeat = setInterval(() => this.beat(), 5_000)
  }

  private beat(): void {
    const now = Date.now()
    if (this.unanswered && now - this.heardAt >= silenceLimit) this.lost(firstDelay, true)
    else if (now - this.pingedAt >= pingEvery) this.ping()
  }

  private ping(): void {
    this.pingedAt = Date.now()
    this.unanswered = true
    this.send({ type: 'ping', ref: this.reference() })
  }

  private closed(code: number): void {
    switch (code) {
      case 4001:
        this.needsTicket = true
        this.lost(0)
        break
      case 4003:
        this.give('suspended')
        break
      case 4029:
        this.lost(Math.max(frameRateDelay, this.backoff()))
        break
      case 1008:
      case 1009:
        this.protocolErrors += 1
        if (this.protocolErrors > 1) this.give('protocol')
        else this.lost(this.backoff())
        break
      case 1012:
        this.lost(this.drainDelay ?? this.backoff())
        break
      default:
        // A refused upgrade looks like any other failure; the ticket call tells an expired session from a dead server.
        if (this.state.phase !== 'live') this.needsTicket = true
        this.lost(this.backoff())
    }
  }

  /** The connection is gone: forget the socket and try again after `delay`. */
  private lost(delay: number, atOnce = false): void {
    this.drainDelay = null
    this.release()
    if (atOnce) {
      this.move({ ...this.state, phase: 'waiting', lostAt: this.state.lostAt ?? Date.now() })
      void this.connect()
    } else {
      this.retry(delay)
    }
  }

  private retry(delay: number): void {
    this.move({ ...this.state, phase: 'waiting', lostAt: this.state.lostAt ?? Date.now() })
    this.retryTimer = setTimeout(() => void this.connect(), delay)
  }

  private give(reason: StopReason): void {
    this.release()
    this.move({ ...this.state, phase: 'stopped', reason, lostAt: this.state.lostAt ?? Date.now() })
  }

  /** Half a second doubling to thirty, full jitter: a thousand browsers do not come back in the same moment. */
  private backoff(): number {
    const ceiling = Math.min(longestDelay, firstDelay * 2 ** this.attempt)
    this.attempt += 1
    return (this.options.random ?? Math.random)() * ceiling
  }

  private send(frame: ClientFrame): void {
    this.socket?.send(JSON.stringify(frame))
  }

  private reference(): string {
    this.references += 1
    return String(this.references)
  }

  private release(): void {
    clearTimeout(this.retryTimer)
    clearTimeout(this.probeTimer)
    clearInterval(this.heartbeat)
    const socket = this.socket
    this.socket = null
    if (!socket) return
    socket.onmessage = null
    socket.onclose = null
    socket.close()
  }

  private move(state: ConnectionState): void {
    this.state = state
    this.options.onState(state)
  }
}
