import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Me, Message } from '@/api/types'
import { channel, config, conversationFactory, meFactory, messageFactory, messagePage } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

beforeEach(() => {
  stubSockets()
})

type Change = Parameters<typeof conversationFactory.mine>[0]

function setup(messages: (id: string) => Message[], change: Change = {}, me: Me = meFactory.owner()) {
  const conversation = conversationFactory.mine({ last_seq: 0, ...change })
  const items = messages(conversation.id)
  conversation.last_seq = items.at(-1)?.seq ?? 0
  const base = `/api/conversations/${conversation.id}`
  const server = stubServer({
    'GET /api/auth/me': () => ({ body: me }),
    'GET /api/config': () => ({ body: config() }),
    'GET /api/channels': () => ({ body: { items: [channel()], next_cursor: null } }),
    'GET /api/conversations/counts': () => ({ body: { mine: 1, unassigned: 0, open: 1, unread: 0 } }),
    'GET /api/conversations': () => ({ body: { items: [conversation], next_cursor: null } }),
    [`GET ${base}`]: () => ({ body: conversation }),
    [`GET ${base}/messages`]: () => ({ body: messagePage(items) }),
    [`POST ${base}/read`]: () => ({ body: { ...conversation, unread: 0 } }),
  })
  const path = `/t/acme-kenya/inbox/c/${conversation.number}`
  return { server, conversation, base, ...renderRoute(path) }
}

const composer = () => screen.findByLabelText<HTMLTextAreaElement>(/^Reply on WhatsApp to/)
const send = (field: HTMLTextAreaElement, text: string) => {
  fireEvent.change(field, { target: { value: text } })
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
}

describe('UI-03: a conversation', () => {
  test('shows who wrote what, beside the list, with words for every tick', async () => {
    const { container } = setup((id) => [
      messageFactory.received(1, { conversation_id: id, text: 'Is it *open*?' }),
      messageFactory.ours(2, 'read', { conversation_id: id, text: 'Yes' }),
      messageFactory.event(3),
    ])
    const thread = await screen.findByRole('log', { name: /^Messages with/ })
    expect((await within(thread).findByText('open')).tagName).toBe('STRONG')
    expect(within(thread).getByRole('img', { name: 'Read' })).toBeTruthy()
    expect(within(thread).getByText(/took this conversation/)).toBeTruthy()
    expect(screen.getByRole('region', { name: 'Conversations' })).toBeTruthy()
    expect(screen.getByRole('complementary', { name: 'Contact' })).toBeTruthy()
    await expectAccessible(container)
  })

  test('clears unread on opening, and the divider stays where it was', async () => {
    const { server, base } = setup(
      (id) => [1, 2, 3].map((seq) => messageFactory.received(seq, { conversation_id: id })),
      { unread: 2 },
    )
    expect(await screen.findByText('2 new')).toBeTruthy()
    await waitFor(() => expect(server.calls.find((call) => call.path === `${base}/read`)?.body).toEqual({ seq: 3 }))
    expect(screen.getByText('2 new')).toBeTruthy()
  })

  test('CH-09: names what it cannot show', async () => {
    setup((id) => [
      messageFactory.received(1, { conversation_id: id, kind: 'unsupported', raw_type: 'poll_creation', text: null }),
    ])
    expect(await screen.findByText('poll_creation')).toBeTruthy()
  })

  test('offers Retry for a failed message and sends attempt n + 1', async () => {
    const failed = messageFactory.failed(1, true)
    const { server } = setup((id) => [{ ...failed, conversation_id: id }])
    server.on('POST /api/messages/:id/retry', () => ({
      body: { ...failed, status: 'queued', error: null, version: 2 },
    }))
    fireEvent.click(await screen.findByRole('button', { name: 'Retry' }))
    await waitFor(() =>
      expect(server.calls.some((call) => call.path === `/api/messages/${failed.id}/retry`)).toBe(true),
    )
  })

  test('that is not there, or not visible, says so, by number and by id', async () => {
    const { server, base, conversation, router } = setup(() => [])
    server.on('GET /api/conversations', () => ({ body: { items: [], next_cursor: null } }))
    server.on(`GET ${base}`, () => problem(404, 'not_found'))
    expect(await screen.findByText('Nothing here')).toBeTruthy()
    const params = { slug: 'acme-kenya', conversation: conversation.id }
    await act(() => router.navigate({ to: '/t/$slug/inbox/c/$conversation', params }))
    expect(await screen.findByText('Nothing here')).toBeTruthy()
  })
})

describe('UI-26: sending', () => {
  test('shows the message at once and sends it under a client_id of its own', async () => {
    const { server, base, conversation } = setup((id) => [messageFactory.received(1, { conversation_id: id })])
    let release: (() => void) | undefined
    server.on(`POST ${base}/messages`, async ({ body }) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      const { client_id, text } = body as { client_id: string; text: string }
      return {
        status: 201,
        body: messageFactory.ours(2, 'queued', { conversation_id: conversation.id, client_id, text }),
      }
    })
    await screen.findByRole('log', { name: /^Messages with/ })
    const field = await composer()
    send(field, 'It is on its way.')
    expect(field.value).toBe('')
    expect(await screen.findByRole('img', { name: /^Not sent yet/ })).toBeTruthy()
    await waitFor(() => expect(release).toBeTruthy())
    act(() => release?.())
    expect(await screen.findByRole('img', { name: 'Waiting to be sent' })).toBeTruthy()
    expect(screen.getAllByText('It is on its way.')).toHaveLength(1)
    const { body } = server.calls.find((call) => call.method === 'POST' && call.path.endsWith('/messages')) ?? {}
    expect(body).toMatchObject({
      kind: 'text',
      text: 'It is on its way.',
      client_id: expect.stringMatching(/^.{14}7/),
      if_last_seq: 1,
    })
  })

  test('gives a refused text back with its reason', async () => {
    const { server, base } = setup((id) => [messageFactory.received(1, { conversation_id: id })])
    server.on(`POST ${base}/messages`, () => problem(422, 'window_closed', { allowed: ['template'] }))
    const field = await composer()
    send(field, 'Too late?')
    expect((await screen.findByRole('alert')).textContent).toContain('more than 24 hours')
    expect(field.value).toBe('Too late?')
  })

  test('CH-35: asks before it answers past what somebody else wrote meanwhile', async () => {
    const { server, base, conversation, container } = setup((id) => [
      messageFactory.received(1, { conversation_id: id }),
    ])
    const newer = messageFactory.received(2, { conversation_id: conversation.id, text: 'Never mind!' })
    const sent: { if_last_seq?: number; text: string; client_id: string }[] = []
    server.on(`POST ${base}/messages`, ({ body }) => {
      const message = body as (typeof sent)[number]
      sent.push(message)
      if (message.if_last_seq === 1) return problem(409, 'newer_messages', { last_seq: 2 })
      const { client_id, text } = message
      const seq = sent.length + 1
      return {
        status: 201,
        body: messageFactory.ours(seq, 'queued', { conversation_id: conversation.id, client_id, text }),
      }
    })
    await screen.findByRole('log', { name: /^Messages with/ })
    const field = await composer()
    send(field, 'Shall I send it?')
    expect(await screen.findByText('Somebody wrote while you typed.')).toBeTruthy()
    expect(field.value).toBe('Shall I send it?')
    expect(container.querySelector<HTMLButtonElement>('form button[type=submit]')?.disabled).toBe(true)
    await expectAccessible(container)

    server.on(`GET ${base}/messages`, () => ({
      body: messagePage([messageFactory.received(1, { conversation_id: conversation.id }), newer]),
    }))
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true }) // looks, and sends nothing
    expect(await screen.findByText('Never mind!')).toBeTruthy()
    expect(screen.queryByText(/wrote while you typed/)).toBeNull()
    expect(sent).toHaveLength(1)
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
    await waitFor(() => expect(sent[1]).toMatchObject({ text: 'Shall I send it?', if_last_seq: 2 }))
    await waitFor(() => expect(field.value).toBe(''))
  })

  test('CH-35: sends all the same to who says so', async () => {
    const { server, base } = setup((id) => [messageFactory.received(1, { conversation_id: id })])
    server.on(`POST ${base}/messages`, () => problem(409, 'newer_messages', { last_seq: 2 }))
    send(await composer(), 'Yes, we do.')
    fireEvent.click(await screen.findByRole('button', { name: 'Send anyway' }))
    const bodies = () => server.calls.filter(({ method, path }) => method === 'POST' && path === `${base}/messages`)
    await waitFor(() => expect(bodies()).toHaveLength(2))
    expect(bodies()[1]?.body).not.toHaveProperty('if_last_seq')
  })

  test('is closed with its window, and says why', async () => {
    setup((id) => [messageFactory.received(1, { conversation_id: id })], {
      window_expires_at: '2020-01-01T00:00:00.000Z',
    })
    expect((await composer()).disabled).toBe(true)
    expect(screen.getByText(/24 hours have passed/)).toBeTruthy()
  })

  test('UI-30: is not for a role that may only read', async () => {
    setup((id) => [messageFactory.received(1, { conversation_id: id })], {}, meFactory.with('conversation.view'))
    expect((await composer()).disabled).toBe(true)
    expect(screen.getByText(/can read this conversation but not reply/)).toBeTruthy()
  })
})
