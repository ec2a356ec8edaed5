import { createHmac } from 'node:crypto'
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

/** What the API says to who has a secret. */
const asked = async (secret: string) =>
  (await fetch(`${server.url}/api/channels`, { headers: { Authorization: `Bearer ${secret}` } })).status

/** A customer writes to a real line, as Meta reports it. */
async function customerWrites(number: string, name: string, phone: string, text: string) {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550000000', phone_number_id: number },
    contacts: [{ profile: { name }, wa_id: phone }],
    messages: [{ from: phone, id: `wamid.${phone}`, timestamp, type: 'text', text: { body: text } }],
  }
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: `${number}1`, changes: [{ field: 'messages', value }] }],
  })
  const signature = createHmac('sha256', Server.appSecret).update(body).digest('hex')
  const answer = await fetch(`${server.url}/webhooks/meta`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Hub-Signature-256': `sha256=${signature}` },
    body,
  })
  expect(answer.status).toBe(200)
}

// AG-06, AG-07, TN-14, EV-27, UI-09, AC-01: a team and who is in it, a key from its first call to its last, the figures.
test('a team gets its agent, a key is made, rotated and revoked, and usage counts them', async () => {
  const workspace = await Workspace.create(server, 'Acme')
  const agent = { email: 'agent@acme.test', slug: workspace.slug }
  await workspace.call('POST', '/api/auth/users', {
    name: 'Otieno Agent',
    email: agent.email,
    password: Workspace.password,
    role: 'agent',
  })
  const [owner, helper] = await Promise.all([Person.arrive(browser, server), Person.arrive(browser, server)])
  await Promise.all([owner.signIn(workspace), helper.signIn(agent)])
  const { page } = owner

  await page.getByRole('link', { name: 'Teams' }).click()
  await page.getByText('Everybody shares one queue').waitFor()
  await owner.accessible()
  await page.getByRole('button', { name: 'New team' }).first().click()
  await page.getByLabel('Name').fill('Returns')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Returns' }).waitFor()
  const team = page.url().split('/').at(-1)

  const number = '41829066715'
  await workspace.call('POST', '/api/channels?skip_check=true', {
    kind: 'whatsapp',
    name: 'Returns line',
    phone_number_id: number,
    waba_id: `${number}1`,
    access_token: 'EAAfixtureToken',
    team_id: team,
  })
  await customerWrites(number, 'Achieng Atieno', '254711000999', 'I want to send it back')
  await until('the conversation', async () => (await workspace.conversations()).length === 1)
  await helper.page.goto(`${server.url}/t/${workspace.slug}/inbox/unassigned`)
  await helper.page.getByText('No one is waiting').waitFor()

  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Add to Returns' })
  await dialog.getByLabel('Search name').fill('otieno')
  await dialog.getByRole('radio', { name: 'Otieno Agent' }).check()
  await owner.accessible()
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('combobox', { name: 'Role of Otieno Agent in the team' }).waitFor()
  // The agent's rights are another one's within a second; a list that is asked for again has the queue in it.
  await helper.page.reload()
  await helper.page.getByText('Achieng Atieno').first().waitFor()

  await page.reload() // the channel was connected meanwhile
  await page.getByRole('button', { name: 'Archive' }).click()
  await page.getByText('Returns line points at this team.').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()

  await page.goto(`${server.url}/t/${workspace.slug}/settings/api-keys`)
  await page.getByText('No program has a key yet').waitFor()
  await page.getByRole('button', { name: 'New key' }).first().click()
  await page.getByLabel('Name').fill('Web shop')
  await page.getByRole('checkbox', { name: /channel\.view/ }).check()
  await owner.accessible()
  await page.getByRole('button', { name: 'Create key' }).click()
  const shown = page.getByRole('status', { name: 'Secret' })
  const first = (await shown.textContent()) ?? ''
  await page.getByRole('button', { name: 'I have saved it' }).click()
  expect(await asked(first)).toBe(200)

  await page.getByRole('button', { name: 'Rotate the secret of Web shop' }).click()
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  const second = (await shown.textContent()) ?? ''
  await page.getByRole('button', { name: 'I have saved it' }).click()
  await page.getByText('The secret before this one works until').waitFor()
  await owner.accessible()
  expect(second).not.toBe(first)
  expect([await asked(first), await asked(second)]).toEqual([200, 200])

  await page.getByRole('link', { name: 'Usage' }).click()
  const figure = (name: string) => page.getByRole('term').filter({ hasText: name }).locator('+ dd').textContent()
  await page.getByText('Keys that are neither revoked nor at their end.').waitFor()
  expect([await figure('API keys'), await figure('Seats'), await figure('Messages received')]).toEqual(['1', '2', '1'])
  await owner.accessible()

  await page.getByRole('link', { name: 'API keys' }).click()
  await page.getByRole('button', { name: 'Revoke Web shop' }).click()
  await page.getByLabel('Type Web shop to confirm').fill('Web shop')
  await page.keyboard.press('Enter')
  await page.getByText('No program has a key yet').waitFor()
  for (const secret of [first, second]) {
    await until('the revoked key to be refused', async () => (await asked(secret)) === 401, 5_000)
  }

  // What was looked at is told by the page's pattern: it names no team and no person.
  const told = await page.evaluate(() => performance.getEntriesByName(`${location.origin}/api/activity/track`).length)
  expect(told).toBeGreaterThan(0)
  expect(owner.complaints).toEqual([])
  expect(helper.complaints).toEqual([])
  await owner.context.close()
  await helper.context.close()
})
