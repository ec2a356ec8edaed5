import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Problem } from '@/api/problem'
import { messageFactory } from '@/test/factories'
import { Drafts } from './drafts'
import { Outbox, type OutboxEntry } from './outbox'
import { readAll } from './storage'
import { Tabs } from './tabs'

let scope = ''
const closing: (() => void)[] = []

beforeEach(() => {
  scope = `t.${crypto.randomUUID()}`
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

type Send = (entry: OutboxEntry) => Promise<ReturnType<typeof messageFactory.ours>>

function openTab(send: Send) {
  const tabs = new Tabs(scope)
  const drafts = new Drafts(scope, tabs)
  const onSent = vi.fn()
  const outbox = new Outbox({ scope, tabs, drafts, send, onSent })
  closing.push(() => {
    outbox.close()
    drafts.close()
    tabs.close()
  })
  return { outbox, drafts, onSent }
}

const accepted = (entry: OutboxEntry) => messageFactory.ours(1, 'queued', { client_id: entry.client_id })
const refusal = (status: number, code: string) => new Problem(status, { code, detail: `Detail of ${code}.` })

describe('the outbox', () => {
  test('UI-27: sends one conversation in order, one at a time', async () => {
    const sent: string[] = []
    let underWay = 0
    const { outbox } = openTab(async (entry) => {
      underWay += 1
      expect(underWay).toBe(1)
      await Promise.resolve()
      underWay -= 1
      sent.push(entry.text)
      return accepted(entry)
    })
    outbox.start()
    await Promise.all(['one', 'two', 'three'].map((text) => outbox.add('k', text, null)))
    await vi.waitFor(() => expect(sent).toEqual(['one', 'two', 'three']))
    await vi.waitFor(async () => expect(await readAll('outbox', scope)).toEqual([]))
  })

  test('UI-26: is on disk before the first try, and the next page sends it under the same client_id', async () => {
    const first = openTab(() => new Promise(() => {}))
    first.outbox.start()
    const entry = await first.outbox.add('k', 'kept', null)
    expect(await readAll('outbox', scope)).toMatchObject([{ client_id: entry.client_id, text: 'kept' }])
    first.outbox.close()
    const ids: string[] = []
    const second = openTab(async (again) => {
      ids.push(again.client_id)
      return accepted(again)
    })
    second.outbox.start()
    await vi.waitFor(() => expect(ids).toEqual([entry.client_id]))
  })

  test('keeps an entry and everything behind it while a failure may pass', async () => {
    const tries: string[] = []
    let reachable = false
    const { outbox } = openTab(async (entry) => {
      tries.push(entry.text)
      if (!reachable) throw Problem.network()
      return accepted(entry)
    })
    outbox.start()
    await outbox.add('k', 'one', null)
    await outbox.add('k', 'two', null)
    await vi.waitFor(() => expect(tries).toEqual(['one']))
    expect(outbox.entries()).toHaveLength(2)
    reachable = true
    outbox.retryNow()
    await vi.waitFor(() => expect(tries).toEqual(['one', 'one', 'two']))
  })

  test('gives refused text back as a draft with the reason, with what was written after it', async () => {
    const blocked = openTab(() => new Promise(() => {}))
    await blocked.outbox.add('k', 'first', null)
    await blocked.outbox.add('k', 'second', null)
    blocked.outbox.close()
    const { outbox, drafts } = openTab(async () => {
      throw refusal(422, 'window_closed')
    })
    drafts.change('k', { text: 'being typed' })
    outbox.start()
    await vi.waitFor(() => expect(drafts.get('k')?.text).toBe('first\nsecond\nbeing typed'))
    expect(drafts.get('k')?.refused?.code).toBe('window_closed')
    expect(outbox.entries()).toEqual([])
  })

  test('waits for a new sign-in instead of giving up', async () => {
    const { outbox, drafts } = openTab(async () => {
      throw refusal(401, 'session_revoked')
    })
    outbox.start()
    await outbox.add('k', 'kept', null)
    await vi.waitFor(() => expect(outbox.entries()).toHaveLength(1))
    expect(drafts.get('k')).toBeUndefined()
  })

  test('tells the thread before the entry leaves, so that no bubble disappears in between', async () => {
    const order: string[] = []
    const { outbox, onSent } = openTab(async (entry) => accepted(entry))
    onSent.mockImplementation(() => order.push(`sent with ${outbox.entries().length} waiting`))
    outbox.start()
    await outbox.add('k', 'one', null)
    await vi.waitFor(() => expect(order).toEqual(['sent with 1 waiting']))
  })

  test('is emptied from memory and disk when somebody signs out', async () => {
    const { outbox } = openTab(() => new Promise(() => {}))
    await outbox.add('k', 'one', null)
    await outbox.wipe()
    expect(outbox.entries()).toEqual([])
    expect(await readAll('outbox', scope)).toEqual([])
  })
})
