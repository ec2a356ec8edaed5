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

const password = 'nine other plain words'

// TN-06, TN-07, TN-08, TN-09, UI-08, UI-13, UI-30: from an invitation to the last owner, through the real pages.
test('invite, join, lose a right while the inbox is open, deactivate with hand-over, keep the last owner', async () => {
  const acme = await Workspace.create(server, 'Acme')
  const owner = await Person.arrive(browser, server)
  const { page } = owner
  await owner.signIn(acme)

  // Two people at once, each with their own role.
  await page.goto(`${server.url}/admin`)
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByLabel('E-mail', { exact: true }).fill('amina@acme.test')
  await page.getByRole('button', { name: 'Add another' }).click()
  await page.keyboard.type('otieno@acme.test')
  await page.getByRole('group', { name: 'Invitation 2' }).getByLabel('Role').selectOption('Admin')
  await owner.accessible()
  await page.getByRole('button', { name: 'Send 2 invitations' }).click()
  const links = page.getByRole('textbox', { name: /The link is shown this once/ })
  await until('both links', async () => (await links.count()) === 2)
  const [amina, otieno] = await links.evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('link', { name: 'Invitations' }).click()
  await page.getByRole('listitem').filter({ hasText: 'otieno@acme.test' }).getByText('Sent,').waitFor()
  await owner.accessible()

  // The mail has the same link as the page; a new person comes in with the invited role.
  const agent = await Person.arrive(browser, server)
  expect(server.url + Server.linkOf(await server.letter('amina@acme.test', 'You are invited to a workspace'))).toBe(
    amina,
  )
  await agent.page.goto(amina ?? '')
  await agent.page.getByText(/Your role: .?Agent/).waitFor()
  await agent.accessible()
  await agent.page.getByLabel('Your name').fill('Amina Yusuf')
  await agent.page.getByLabel('Password').fill(password)
  await agent.page.keyboard.press('Enter')
  await agent.page.getByRole('navigation', { name: 'Views' }).waitFor()

  const admin = await Person.arrive(browser, server)
  await admin.page.goto(otieno ?? '')
  await admin.page.getByLabel('Your name').fill('Otieno Odhiambo')
  await admin.page.getByLabel('Password').fill(password)
  await admin.page.keyboard.press('Enter')
  await admin.page.getByRole('navigation', { name: 'Views' }).waitFor()

  // A link is good once, and says so to who is there already.
  await admin.page.goto(otieno ?? '')
  await admin.page.getByText('was used already').waitFor()
  await admin.accessible()

  // UI-30: what the role may not use is not shown; its address says what is missing.
  expect(await agent.page.getByRole('link', { name: 'Settings' }).count()).toBe(0)
  await agent.page.goto(`${server.url}/t/${acme.slug}/settings/roles`)
  await agent.page.getByText('Your role lacks “role.manage”. An owner or admin can grant it.').waitFor()
  await agent.page.goto(`${server.url}/t/${acme.slug}/settings/people`)
  await agent.page.getByRole('list', { name: 'Members' }).getByText('Acme Owner').waitFor()
  expect(agent.received).not.toContain(acme.email)
  await agent.accessible()
  await agent.page.goto(`${server.url}/t/${acme.slug}/inbox/mine`)
  await agent.page.getByRole('navigation', { name: 'Views' }).waitFor()

  // A conversation the agent has, taken over the API as a program would.
  await acme.customerWrites('Hassan', '254711000222', 'Is my order on its way?')
  await agent.page.getByRole('link', { name: /All/ }).first().click()
  await agent.page.getByText('Hassan').first().click()
  await agent.page.getByRole('textbox', { name: /Reply on WhatsApp/ }).fill('It left this morning.')
  await agent.page.keyboard.press('Control+Enter')
  await agent.page.locator('[data-tick="read"]').waitFor()

  // A role that may not see conversations: the open inbox closes by itself.
  await page.getByRole('link', { name: 'Members' }).click()
  await owner.act('Amina Yusuf', 'Change role and teams')
  await page.getByRole('dialog').getByLabel('Role').selectOption('Member')
  await page.getByRole('dialog').getByLabel('Open conversations go to').selectOption('Acme Owner')
  await page.getByRole('button', { name: 'Save' }).click()
  await agent.page.getByText('Your role lacks “conversation.view”').waitFor()
  await until('the dialog is closed', async () => (await page.getByRole('dialog').count()) === 0)

  // And opens again with the role.
  await owner.act('Amina Yusuf', 'Change role and teams')
  await page.getByRole('dialog').getByLabel('Role').selectOption('Agent')
  await page.getByRole('button', { name: 'Save' }).click()
  await agent.page.getByRole('navigation', { name: 'Views' }).waitFor()

  // Deactivated, the agent is outside, and what was open is somebody else's.
  await owner.act('Amina Yusuf', 'Deactivate')
  await page.getByLabel('Open conversations go to').selectOption('Otieno Odhiambo')
  await owner.accessible()
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click()
  await agent.page.getByText('You no longer have access here').waitFor()
  await agent.accessible()
  await page
    .getByRole('row', { name: /Amina Yusuf/ })
    .getByText('Deactivated')
    .waitFor()

  // The last owner stays.
  await owner.act('Acme Owner', 'Change role and teams')
  await page.getByRole('dialog').getByLabel('Role').selectOption('Admin')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('A workspace keeps an owner. Make somebody else an owner first.').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()

  // A role of one's own, from a copy, and who has a right.
  await page.getByRole('link', { name: 'Roles' }).click()
  await page.getByRole('button', { name: 'Read the audit log: who has this?' }).click()
  await page.getByRole('dialog').getByText('Otieno Odhiambo').waitFor()
  await page.keyboard.press('Escape')
  await owner.accessible()
  await page.getByRole('button', { name: 'Actions for role Agent' }).click()
  await page.getByRole('menuitem', { name: 'Make a copy' }).click()
  await page.getByLabel('Name of the role').fill('Night agent')
  await page.getByLabel('Export conversations').check()
  await owner.accessible()
  await page.getByRole('button', { name: 'Create role' }).click()
  await page.getByRole('button', { name: 'Actions for role Night agent' }).waitFor()

  // The browser itself logs what the server refused, as it should: the last owner's change, what the agent may no longer
  // see, the link that was used.
  const unexpected = (person: Person, refusal: RegExp) => person.complaints.filter((one) => !refusal.test(one))
  expect(unexpected(owner, /status of 409/)).toEqual([])
  expect(unexpected(agent, /status of 40[34]/)).toEqual([])
  expect(unexpected(admin, /status of 410/)).toEqual([])
  for (const person of [owner, agent, admin]) await person.context.close()
}, 240_000)
