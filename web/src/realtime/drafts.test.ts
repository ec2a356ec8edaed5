import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Drafts } from './drafts'
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

function openTab(of = scope) {
  const tabs = new Tabs(of)
  const drafts = new Drafts(of, tabs)
  closing.push(() => {
    drafts.close()
    tabs.close()
  })
  return drafts
}

describe('drafts', () => {
  test('UI-26: outlive the page that wrote them', async () => {
    const first = openTab()
    first.change('k', { text: 'half a thought' })
    await vi.waitFor(async () => expect(await readAll('drafts', scope)).toHaveLength(1))
    const second = openTab()
    await second.load()
    expect(second.get('k')?.text).toBe('half a thought')
  })

  test('are saved once after the last keystroke', async () => {
    const drafts = openTab()
    for (const text of ['h', 'ha', 'hal']) drafts.change('k', { text })
    expect(await readAll('drafts', scope)).toEqual([])
    drafts.flush()
    await vi.waitFor(async () => expect(await readAll('drafts', scope)).toMatchObject([{ text: 'hal' }]))
  })

  test('what is typed while the old ones are read stays', async () => {
    const first = openTab()
    first.change('k', { text: 'old' })
    first.flush()
    await vi.waitFor(async () => expect(await readAll('drafts', scope)).toHaveLength(1))
    const second = openTab()
    second.change('k', { text: 'new' })
    await second.load()
    expect(second.get('k')?.text).toBe('new')
  })

  test('belong to one person in one workspace', async () => {
    const mine = openTab()
    mine.change('k', { text: 'mine' })
    mine.flush()
    await vi.waitFor(async () => expect(await readAll('drafts', scope)).toHaveLength(1))
    const other = openTab(`t.${crypto.randomUUID()}`)
    await other.load()
    expect(other.get('k')).toBeUndefined()
  })

  test('leave the disk when they are sent', async () => {
    const drafts = openTab()
    drafts.change('k', { text: 'sent now' })
    drafts.flush()
    await vi.waitFor(async () => expect(await readAll('drafts', scope)).toHaveLength(1))
    drafts.clear('k')
    await vi.waitFor(async () => expect(await readAll('drafts', scope)).toEqual([]))
  })
})
