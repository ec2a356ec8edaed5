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

const email = 'wanjiku@acme.test'
const step = 30_000

// UI-02, UI-08, TN-03, TN-10 to TN-13: an account from its first letter to a new password, through the real pages.
test('sign up, confirm, second factor, sign in with a code, forget the password, signed out elsewhere', async () => {
  const person = await Person.arrive(browser, server)
  const { page } = person
  await page.goto(`${server.url}/signup`)
  await page.getByLabel('Workspace').fill('Acme Kenya')
  await page.getByLabel('Your name').fill('Wanjiku Mwangi')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('nine plain words here')
  await page.keyboard.press('Enter')
  await page.getByText('We have mailed a link to').waitFor()
  await person.accessible()

  await page.goto(server.url + Server.linkOf(await server.letter(email, 'Confirm your e-mail address')))
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  await page.getByText('Thank you, the address is confirmed.').waitFor()
  await person.accessible()

  // The codes of three steps in a row, because each is good once: the set-up takes the one before now.
  await page.goto(`${server.url}/account/security`)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByLabel('Current password').fill('nine plain words here')
  await page.keyboard.press('Enter')
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  await person.accessible()
  const address = await page.getByRole('link', { name: /Open in an app/ }).getAttribute('href')
  const secret = new URL(address ?? '').searchParams.get('secret') ?? ''
  await page.getByLabel('Code of the app').fill(totp(secret, Date.now() - step))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('button', { name: 'New recovery codes' }).waitFor()
  await person.accessible()

  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('nine plain words here')
  await page.keyboard.press('Enter')
  await page.getByLabel('Code of the app').waitFor()
  await person.accessible()
  await page.keyboard.type(totp(secret, Date.now()))
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'Views' }).waitFor()

  const elsewhere = await Person.arrive(browser, server)
  await elsewhere.page.goto(`${server.url}/login`)
  await elsewhere.page.getByRole('link', { name: 'Forgot your password?' }).click()
  await elsewhere.page.waitForURL('**/forgot-password')
  await elsewhere.page.getByRole('button', { name: 'Mail me a link' }).waitFor()
  await elsewhere.page.getByLabel('E-mail').fill(email)
  await elsewhere.page.keyboard.press('Enter')
  await elsewhere.page.getByText('If there is an account for').waitFor()
  await elsewhere.accessible()
  await elsewhere.page.goto(server.url + Server.linkOf(await server.letter(email, 'Choose a new password')))
  await elsewhere.page.getByLabel('New password').fill('nine other plain words')
  await elsewhere.page.keyboard.press('Enter')
  await elsewhere.page.getByLabel('Code of the app').fill(totp(secret, Date.now() + step))
  await elsewhere.page.keyboard.press('Enter')
  await elsewhere.page.getByText('signed out everywhere.').waitFor()
  await elsewhere.accessible()

  await page.waitForURL(/\/login/) // the session that was open has ended, without a reload
  expect(person.complaints).toEqual([])
  expect(elsewhere.complaints).toEqual([])
  await person.context.close()
  await elsewhere.context.close()
})
