import type { QueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useMemo, useSyncExternalStore } from 'react'
import { call, client } from '@/api/client'
import { putMessage } from './apply'
import { type Draft, Drafts } from './drafts'
import { Outbox, type OutboxEntry } from './outbox'
import { Realtime } from './realtime'
import { Tabs } from './tabs'

/** What lives as long as a person works in one workspace, outside the components. */
export type Workspace = {
  drafts: Drafts
  outbox: Outbox
  realtime: Realtime
  start: () => () => void
  /** Removes what this person wrote from the browser; for signing out. */
  wipe: () => Promise<void>
}

const opened = new WeakMap<QueryClient, Map<string, Workspace>>()

/** One per workspace, user and cache, however often React renders. */
export function openWorkspace(tenantId: string, userId: string, queries: QueryClient): Workspace {
  const scope = `${tenantId}.${userId}`
  const ofCache = opened.get(queries) ?? new Map<string, Workspace>()
  opened.set(queries, ofCache)
  const workspace = ofCache.get(scope) ?? createWorkspace(scope, userId, queries)
  ofCache.set(scope, workspace)
  return workspace
}

function createWorkspace(scope: string, userId: string, queries: QueryClient): Workspace {
  const tabs = new Tabs(scope)
  const drafts = new Drafts(scope, tabs)
  const outbox = new Outbox({
    scope,
    tabs,
    drafts,
    send: sendEntry,
    onSent: (message) => putMessage({ queries }, message),
  })
  const realtime = new Realtime({ scope, userId, queries, tabs })

  function start() {
    realtime.start()
    outbox.start()
    // Blocked storage: nothing was kept, so there is nothing to load.
    Promise.all([drafts.load(), outbox.load()]).catch(() => {})
    const leaving = (event: BeforeUnloadEvent) => {
      drafts.flush()
      if (outbox.entries().length > 0) event.preventDefault()
    }
    window.addEventListener('beforeunload', leaving)
    window.addEventListener('pagehide', drafts.flush)
    window.addEventListener('online', outbox.retryNow)
    const stopFollowing = realtime.subscribe(() => {
      if (realtime.current().phase === 'live') outbox.retryNow()
    })
    return () => {
      stopFollowing()
      window.removeEventListener('beforeunload', leaving)
      window.removeEventListener('pagehide', drafts.flush)
      window.removeEventListener('online', outbox.retryNow)
      drafts.flush()
      outbox.stop()
      realtime.stop()
    }
  }

  return {
    drafts,
    outbox,
    realtime,
    start,
    wipe: async () => {
      await Promise.all([drafts.wipe(), outbox.wipe()])
    },
  }
}

function sendEntry(entry: OutboxEntry) {
  return call(
    client.POST('/api/conversations/{id}/messages', {
      params: { path: { id: entry.conversation_id } },
      body: {
        client_id: entry.client_id,
        kind: 'text',
        text: entry.text,
        ...(entry.reply_to ? { reply_to: entry.reply_to.id } : {}),
        ...(entry.if_last_seq === null ? {} : { if_last_seq: entry.if_last_seq }),
      },
    }),
  )
}

const WorkspaceContext = createContext<Workspace | null>(null)

export function WorkspaceProvider({ workspace, children }: { workspace: Workspace; children: ReactNode }) {
  useEffect(() => workspace.start(), [workspace])
  return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>
}

export function useWorkspace(): Workspace {
  const workspace = use(WorkspaceContext)
  if (!workspace) throw new Error('useWorkspace needs a WorkspaceProvider')
  return workspace
}

export function useConnection() {
  const { realtime } = useWorkspace()
  return useSyncExternalStore(realtime.subscribe, realtime.current)
}

export function useDrafts(): ReadonlyMap<string, Draft> {
  const { drafts } = useWorkspace()
  return useSyncExternalStore(drafts.subscribe, drafts.all)
}

export function useOutbox(): readonly OutboxEntry[] {
  const { outbox } = useWorkspace()
  return useSyncExternalStore(outbox.subscribe, outbox.entries)
}

/** The unsent messages of one conversation, in the order of writing. */
export function useUnsent(conversationId: string): OutboxEntry[] {
  const entries = useOutbox()
  return useMemo(() => entries.filter((entry) => entry.conversation_id === conversationId), [entries, conversationId])
}
