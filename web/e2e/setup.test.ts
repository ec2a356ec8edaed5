import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch, Person } from './browser'
import { Server } from './server'
import { totp } from './totp'

let browser: Browser
let server: Server

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launch(), Server.start()])
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

// TN-28, SE-21, OP-20, TN-16: from an empty machine to a workspace that looks like its company.
test('take the printed link, become the admin, read the mailbox, make a workspace and paint it', async () => {
  const person = await Person.arrive(browser, server)
  const { page } = person
  await page.goto(server.url)
  await page.getByText('open the link the program printed').waitFor()
  await person.accessible()

  const link = await server.setupLink()
  await page.goto(server.url + link)
  await page.getByLabel('Your name').fill('Amina Yusuf')
  await page.getByLabel('E-mail').fill('amina@acme.test')
  await page.getByLabel('Password').fill('nine plain words here')
  await person.accessible()
  await page.keyboard.press('Enter')

  await page.getByLabel('Current password').fill('nine plain words here')
  await page.keyboard.press('Enter')
  const address = await page.getByRole('link', { name: /Open in an app/ }).getAttribute('href')
  await page
    .getByLabel('Code of the app')
    .fill(totp(new URL(address ?? '').searchParams.get('secret') ?? '', Date.now()))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'I have kept them' }).click()

  await page.getByRole('heading', { name: 'Platform settings' }).waitFor()
  await page.getByRole('button', { name: 'Send test to me' }).click()
  await page.getByText('is in the mailbox').waitFor()
  await person.accessible()
  await page.getByRole('link', { name: 'Open the mailbox' }).click()
  await page.getByText('Mail works').waitFor()
  await person.accessible()

  const late = await Person.arrive(browser, server)
  await late.page.goto(server.url + link)
  await late.page.getByRole('heading', { name: 'Set-up is done' }).waitFor()
  await late.context.close()

  await page.getByRole('link', { name: 'Platform settings' }).click()
  await page.getByRole('textbox', { name: 'Workspace' }).fill('Acme Kenya')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.waitForURL(/\/t\/acme-kenya\/inbox/)

  await page.goto(`${server.url}/t/acme-kenya/settings/workspace`)
  const colour = page.getByRole('textbox', { name: 'Accent colour', exact: true })
  await colour.fill('#ffcc00')
  const colours = page.getByRole('region', { name: 'Colours' })
  await page.getByText('Text needs 4.5:1.').waitFor()
  await colours.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Not saved: contrast 1.').waitFor()
  await person.accessible()
  await colour.fill('#7a1f5c')
  await page.getByText('It can be read everywhere.').waitFor()
  await colours.getByRole('button', { name: 'Save' }).click()
  await page.waitForFunction(
    () => getComputedStyle(document.documentElement).getPropertyValue('--accent').trim() === '#7a1f5c',
  )
  await person.accessible()

  // Another member's screen follows without a reload.
  const other = await person.context.newPage()
  await other.goto(`${server.url}/t/acme-kenya/inbox`)
  await other.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Inbox' }).waitFor()
  await page.getByRole('link', { name: 'Navigation' }).click()
  await page.getByLabel('English').first().fill('Support')
  await person.accessible()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Support' }).waitFor()
  await other.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Support' }).waitFor()
  // What the person tried and the server refused is logged by the browser itself.
  expect(person.complaints.filter((line) => !/status of 422/.test(line))).toEqual([])
})
