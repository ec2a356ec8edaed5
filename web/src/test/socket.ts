import { vi } from 'vitest'
import type { ClientFrame, ServerFrame } from '@/realtime/frames'

/** The server's end of one WebSocket, as a test drives it. */
export class ScriptedSocket {
  readonly sent: ClientFrame[] = []
  closed = false
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor(readonly address: string) {}

  send(text: string) {
    this.sent.push(JSON.parse(text))
  }

  close() {
    this.closed = true
  }

  say(frame: ServerFrame) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  /** Hello and a confirmed subscription. */
  accept(subscribed: Partial<Extract<ServerFrame, { type: 'subscribed' }>> = {}) {
    this.say({ type: 'hello', cursor: 'h', server: 's', heartbeat_s: 20 })
    this.say({ type: 'subscribed', topics: [], cursor: 'c', resumed: true, reset: false, replayed: 0, ...subscribed })
  }

  end(code: number) {
    this.onclose?.({ code })
  }
}

/** Replaces WebSocket; every one that is opened is in the returned list. */
export function stubSockets(): ScriptedSocket[] {
  const opened: ScriptedSocket[] = []
  vi.stubGlobal(
    'WebSocket',
    class extends ScriptedSocket {
      constructor(address: string) {
        super(address)
        opened.push(this)
      }
    },
  )
  return opened
}
