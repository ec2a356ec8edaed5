// How the tabs of one workspace, user and browser profile talk to each other.
import type { Message } from '@/api/types'
import type { ConnectionState } from './connection'
import type { Draft } from './drafts'
import type { ServerFrame } from './frames'

export type TabMessage =
  | { kind: 'frame'; frame: ServerFrame }
  | { kind: 'state'; state: ConnectionState }
  /** A tab that has just opened asks the leader for the state. */
  | { kind: 'who' }
  | { kind: 'topics'; tab: string; topics: string[] }
  | { kind: 'retry' }
  | { kind: 'outbox'; sent?: Message }
  | { kind: 'draft'; draft: Draft }

export class Tabs {
  private readonly channel: BroadcastChannel
  private readonly listeners = new Set<(message: TabMessage) => void>()

  constructor(scope: string) {
    this.channel = new BroadcastChannel(`baraza.${scope}`)
    this.channel.onmessage = (event: MessageEvent<TabMessage>) => {
      for (const listener of this.listeners) listener(event.data)
    }
  }

  post(message: TabMessage): void {
    this.channel.postMessage(message)
  }

  listen(listener: (message: TabMessage) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  close(): void {
    this.channel.close()
  }
}
