import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch, Person } from './browser'
import { Server, until } from './server'
import { Workspace } from './workspace'

let browser: Browser
let server: Server

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launch(), Server.start()])
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

// UI-02, UI-03, CH-01 (WhatsApp), CH-14, CH-33, CH-46, OP-05: from a customer's phone to the agent's screen and back.
test('a customer writes, the agent answers by keyboard alone, the ticks reach read', async () => {
  const acme = await Workspace.create(server, 'Acme')
  const agent = await Person.arrive(browser, server)
  await agent.signIn(acme)
  await agent.page.getByText('No open conversations').waitFor()

  await acme.customerWrites('Otieno', '254711000222', 'Is my order on its way?')
  await agent.page.getByRole('link', { name: /Otieno/ }).waitFor() // no reload
  await agent.accessible()

  await agent.page.keyboard.press('j')
  await agent.page.keyboard.press('Enter')
  await until('the customer’s bubble', async () => (await agent.bubbles()).includes('Is my order on its way?'))
  await agent.page.keyboard.type('It left this morning.')
  await agent.page.keyboard.press('Control+Enter')
  await until('our bubble', async () => (await agent.bubbles()).includes('It left this morning.'))
  await agent.page.locator('[data-tick="read"]').waitFor()
  await acme.customerWrites('Otieno', '254711000222', 'Thank you!')
  await until('their answer', async () => (await agent.bubbles()).at(-1) === 'Thank you!')
  await agent.accessible()
  expect(agent.complaints).toEqual([])

  // CH-35: what waited in the browser does not answer past what came meanwhile.
  await agent.context.setOffline(true)
  await agent.page.keyboard.type('Anything else?')
  await agent.page.keyboard.press('Control+Enter')
  await until('our bubble waits', async () => (await agent.bubbles()).at(-1) === 'Anything else?')
  await acme.customerWrites('Otieno', '254711000222', 'One more thing')
  await agent.context.setOffline(false)
  await agent.page.getByText(/Otieno.? wrote while you typed/).waitFor()
  await agent.page.getByRole('button', { name: 'Send anyway' }).click()
  await until(
    'both, in their order',
    async () => (await agent.bubbles()).slice(-2).join() === 'One more thing,Anything else?',
  )
  await agent.context.close()
})

// CH-34, OP-05: what was written while the server was away is sent once, and nothing is missing or double.
test('the server is killed and started again in between', async () => {
  const kill = await Workspace.create(server, 'Killed')
  const agent = await Person.arrive(browser, server)
  await agent.signIn(kill)
  await kill.customerWrites('Amina', '254711000333', 'Hello?')
  await agent.page.getByText('Amina').first().click()
  await until('the first bubble', async () => (await agent.bubbles()).includes('Hello?'))

  await server.kill()
  const composer = agent.page.getByRole('textbox', { name: /Reply on WhatsApp/ })
  await composer.fill('Written while you were away')
  await composer.press('Control+Enter')
  await until('the reply waits on the screen', async () =>
    (await agent.bubbles()).includes('Written while you were away'),
  )
  await server.launch()
  await until('the reply was sent', async () => {
    const [conversation] = await kill.conversations()
    return (
      conversation !== undefined &&
      (await kill.messages(conversation.id)).some(
        (m) => m.text === 'Written while you were away' && m.status === 'read',
      )
    )
  })
  await kill.customerWrites('Amina', '254711000333', 'Are you back?')
  await until('the newest bubble, without a reload', async () => (await agent.bubbles()).at(-1) === 'Are you back?')

  const live = await agent.bubbles()
  expect(live).toEqual(['Hello?', 'Written while you were away', 'Are you back?'])
  await agent.page.reload()
  await until('a fresh load shows the same', async () => JSON.stringify(await agent.bubbles()) === JSON.stringify(live))
  const [conversation] = await kill.conversations()
  const stored = await kill.messages(conversation?.id ?? '')
  expect(stored.map((m) => m.seq)).toEqual(stored.map((_, i) => i + 1))
  expect(agent.complaints).toEqual([])
  await agent.context.close()
})

// TN-02, SE-02, I5 (small): nothing of the other workspace is in any byte this one gets.
test('the other workspace sees and receives nothing', async () => {
  const ours = await Workspace.create(server, 'Ours')
  const theirs = await Workspace.create(server, 'Theirs')
  const stranger = await Person.arrive(browser, server)
  await stranger.signIn(theirs)
  await ours.customerWrites('Canary', '254711000444', 'canary-4f1c only for Ours')
  await theirs.customerWrites('Grace', '254711000555', 'for Theirs')
  await stranger.page.getByText('for Theirs').first().waitFor()
  const [secret] = await ours.conversations()
  await stranger.page.goto(`${server.url}/t/${theirs.slug}/inbox/c/${secret?.id}`)
  await stranger.page.getByText('Nothing here').first().waitFor()
  await stranger.page.goto(`${server.url}/t/${ours.slug}/inbox`)
  await stranger.page.waitForLoadState('networkidle')
  expect(stranger.received).not.toContain('canary-4f1c')
  expect(await stranger.page.content()).not.toContain('canary-4f1c')
  await stranger.context.close()
})

// CH-19: outside the window the composer says why instead of failing.
test('the composer is closed with its reason 24 hours after their last message', async () => {
  const late = await Workspace.create(server, 'Late')
  await late.customerWrites('Hassan', '254711000666', 'Yesterday', new Date(Date.now() - 25 * 3600_000))
  const agent = await Person.arrive(browser, server)
  await agent.signIn(late)
  await agent.page.getByText('Hassan').first().click()
  await agent.page.getByText(/24 hours have passed/).waitFor()
  expect(await agent.page.getByRole('textbox', { name: /Reply on WhatsApp/ }).isDisabled()).toBe(true)
  await agent.context.close()
})

// UI-02: a wrong password is one sentence, and nothing typed is lost.
test('a wrong password says so', async () => {
  const person = await Person.arrive(browser, server)
  await person.page.goto(`${server.url}/login`)
  await person.page.getByLabel('E-mail').fill('nobody@acme.test')
  await person.page.getByLabel('Password').fill('not the password')
  await person.page.keyboard.press('Enter')
  await person.page.getByText('E-mail or password is not right.').waitFor()
  expect(await person.page.getByLabel('E-mail').inputValue()).toBe('nobody@acme.test')
  await person.accessible()
  await person.context.close()
})

// UI-23, SE-05, SE-13: dark, right to left, on a phone; no token where a script can read it.
test('the inbox is accessible in dark and right to left, and holds no token', async () => {
  const acme = await Workspace.create(server, 'Layout')
  await acme.customerWrites('ليلى', '254711000777', 'مرحبا، هل الطلب جاهز؟')
  const agent = await Person.arrive(browser, server, {
    colorScheme: 'dark',
    locale: 'ar',
    viewport: { width: 390, height: 844 },
  })
  await agent.page.goto(server.url)
  await agent.page.locator('input[type=email]').fill(acme.email)
  await agent.page.locator('input[type=password]').fill(Workspace.password)
  await agent.page.keyboard.press('Enter')
  await agent.page.getByText('ليلى').first().click()
  await until('the bubble', async () => (await agent.bubbles()).length === 1)
  expect(await agent.page.getAttribute('html', 'dir')).toBe('rtl')
  await agent.accessible()
  const readable = await agent.page.evaluate(
    () => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage),
  )
  expect(readable).not.toMatch(/eyJ|rt_/)
  expect(agent.received).not.toMatch(/"access_token":"[^"]+"/)
  expect(agent.complaints).toEqual([])
  await agent.context.close()
})
