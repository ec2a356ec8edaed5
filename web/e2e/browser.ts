import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Server } from './server'
import { Workspace } from './workspace'

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A person at a screen: what the page logged, reported and received is kept for the assertions. */
export class Person {
  readonly complaints: string[] = []
  received = ''

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly server: Server,
  ) {}

  static async arrive(
    browser: Browser,
    server: Server,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en', ...options })
    const page = await context.newPage()
    const person = new Person(context, page, server)
    page.on('pageerror', (error) => person.complaints.push(error.message))
    page.on('console', (message) => {
      // A request that fails while the server is away is logged by the browser itself.
      if (
        message.type() === 'error' &&
        !/ERR_(CONNECTION|SOCKET)|WebSocket connection|status of (401|503)/.test(message.text())
      ) {
        person.complaints.push(message.text())
      }
    })
    page.on('response', async (answer) => {
      if (answer.url().includes('/api/')) person.received += await answer.text().catch(() => '')
    })
    page.on('websocket', (socket) => {
      socket.on('framereceived', (frame) => {
        person.received += frame.payload.toString()
      })
    })
    return person
  }

  /** Signs in with the keyboard alone. */
  async signIn(workspace: Pick<Workspace, 'email' | 'slug'>): Promise<void> {
    await this.page.goto(this.server.url)
    await this.page.getByLabel('E-mail').fill(workspace.email)
    await this.page.keyboard.press('Tab')
    await this.page.keyboard.type(Workspace.password)
    await this.page.keyboard.press('Enter')
    await this.page.waitForURL(new RegExp(`/t/${workspace.slug}/inbox`))
    await this.page.getByRole('navigation', { name: 'Views' }).waitFor()
  }

  /** Chooses from the actions of a member on the page of people. */
  async act(member: string, action: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions for ${member}` }).click()
    await this.page.getByRole('menuitem', { name: action }).click()
  }

  /** The texts of the bubbles on screen, in their order. */
  bubbles(): Promise<string[]> {
    return this.page.locator('article p[dir=auto]').allInnerTexts()
  }

  /** axe over the page as it is; every violation is listed, none is tolerated. */
  async accessible(): Promise<void> {
    const found = await new AxeBuilder({ page: this.page }).analyze()
    expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
  }
}
