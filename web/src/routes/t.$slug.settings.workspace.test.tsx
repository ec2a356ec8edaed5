import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Palette, Shade } from '@/api/types'
import { config, meFactory, noon } from '@/test/factories'
import { expectAccessible, renderRoute } from '@/test/render-route'
import { problem, stubServer } from '@/test/server'
import { stubSockets } from '@/test/socket'

const tenant = {
  id: 't',
  slug: 'acme-kenya',
  name: 'Acme Kenya',
  timezone: 'Africa/Nairobi',
  languages: ['sw', 'en'],
  status: 'active',
  plan: 'free',
  created_at: noon,
}

const shade = (accent: string, ratio = 7.81, nearest = accent): Shade => ({
  accent,
  on_accent: '#ffffff',
  accent_soft: '#eeeeee',
  ratio,
  passes: ratio >= 4.5,
  nearest,
})

function setup(page: string) {
  stubSockets()
  const server = stubServer({
    'GET /api/config': () => ({ body: config() }),
    'GET /api/auth/me': () => ({ body: meFactory.with('conversation.view', 'settings.manage') }),
    'GET /api/tenants/current': () => ({ body: tenant }),
    'GET /api/settings/branding': () => ({
      body: { accent: null, accent_dark: null, palette: null },
      headers: { ETag: '"v1"' },
    }),
    'GET /api/settings/branding/palette': ({ query }) => {
      const asked = query.get('accent') ?? ''
      const light = asked === '#ffcc00' ? shade(asked, 1.51, '#8a6e00') : shade(asked)
      return { body: { light, dark: shade('#4fbfb3') } satisfies Palette }
    },
    'GET /api/settings/navigation': () => ({ body: { labels: [] }, headers: { ETag: '"v1"' } }),
  })
  return { server, ...renderRoute(`/t/acme-kenya/settings/${page}`) }
}

const save = (index = 0) => {
  const button = screen.getAllByRole('button', { name: 'Save' })[index]
  if (button) fireEvent.click(button)
}

describe('TN-16: the workspace', () => {
  test('is renamed, and moves with its address', async () => {
    const { server, router, container } = setup('workspace')
    server.on('PATCH /api/tenants/current', ({ body }) => ({ body: { ...tenant, ...(body as object) } }))
    fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'Acme Tanzania' } })
    fireEvent.change(screen.getByLabelText('Address'), { target: { value: 'acme-tz' } })
    expect(screen.getByText('Links and bookmarks with the old address stop working.')).toBeTruthy()
    await expectAccessible(container)
    save()
    await waitFor(() => expect(router.state.location.pathname).toBe('/t/acme-tz/settings/workspace'))
    expect(server.calls.findLast((call) => call.method === 'PATCH')?.body).toEqual({
      name: 'Acme Tanzania',
      slug: 'acme-tz',
      timezone: 'Africa/Nairobi',
      languages: ['sw', 'en'],
    })
  })

  test('says which address is no address, and which is taken', async () => {
    const { server } = setup('workspace')
    server.on('PATCH /api/tenants/current', () =>
      problem(409, 'already_exists', { errors: [{ field: 'slug', code: 'already_exists', detail: 'x' }] }),
    )
    const slug = await screen.findByLabelText('Address')
    fireEvent.change(slug, { target: { value: '-a' } })
    save()
    expect(await screen.findByText(/Letters a to z, digits/)).toBeTruthy()
    fireEvent.change(slug, { target: { value: 'kavaleri' } })
    save()
    expect(await screen.findByText(/Another workspace has this address/)).toBeTruthy()
  })

  test('refuses a colour that cannot be read with its ratio, and takes the nearest that can', async () => {
    const { server, container } = setup('workspace')
    server.on('PUT /api/settings/branding', ({ body }) =>
      (body as { accent: string }).accent === '#ffcc00'
        ? problem(422, 'validation_failed', { errors: [{ field: 'accent', code: 'low_contrast', detail: 'x' }] })
        : { body },
    )
    fireEvent.change(await screen.findByLabelText('Accent colour'), { target: { value: '#ffcc00' } })
    expect(await screen.findByText('Contrast 1.51:1. Text needs 4.5:1.')).toBeTruthy()
    save(1)
    expect((await screen.findByRole('alert')).textContent).toContain('Not saved: contrast 1.51:1')
    await expectAccessible(container)
    fireEvent.click(screen.getByRole('button', { name: /Use .*#8a6e00/ }))
    expect(await screen.findByText(/Contrast 7.81:1. It can be read everywhere/)).toBeTruthy()
    save(1)
    await waitFor(() =>
      expect(server.calls.findLast((call) => call.method === 'PUT')?.body).toEqual({
        accent: '#8a6e00',
        accent_dark: null,
      }),
    )
  })

  test('shows what failed to load and goes on with the rest', async () => {
    const { server } = setup('workspace')
    server.on('GET /api/tenants/current', () => problem(500, 'internal'))
    expect(
      await screen.findByText('The workspace’s settings could not be loaded', {}, { timeout: 20_000 }),
    ).toBeTruthy()
    expect(screen.getByLabelText('Accent colour')).toBeTruthy()
  })
})

describe('TN-16: the rail', () => {
  test('says what the workspace calls things', async () => {
    const { server, container } = setup('navigation')
    server.on('PUT /api/settings/navigation', ({ body }) => ({ body }))
    const english = (await screen.findAllByLabelText('English'))[0] as HTMLElement
    fireEvent.change(english, { target: { value: ' Support ' } })
    fireEvent.change((await screen.findAllByLabelText('Kiswahili'))[1] as HTMLElement, { target: { value: 'Vikosi' } })
    await expectAccessible(container)
    server.on('GET /api/auth/me', () => ({
      body: {
        ...meFactory.with('conversation.view', 'settings.manage', 'team.view'),
        appearance: { palette: null, labels: { en: { inbox: '<b>Support</b>', team: 'Squads' } } },
      },
    }))
    save()
    expect(await screen.findByRole('link', { name: '<b>Support</b>' })).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Squads' })).toBeTruthy()
    expect(server.calls.findLast((call) => call.method === 'PUT')?.body).toEqual({
      labels: [
        { item: 'inbox', language: 'en', label: 'Support' },
        { item: 'team', language: 'sw', label: 'Vikosi' },
      ],
    })
  })

  test('puts a refusal beside the word it is about', async () => {
    const { server } = setup('navigation')
    server.on('PUT /api/settings/navigation', () =>
      problem(422, 'validation_failed', { errors: [{ field: 'labels.0.label', code: 'invalid', detail: 'x' }] }),
    )
    const swahili = (await screen.findAllByLabelText('Kiswahili'))[1] as HTMLElement
    fireEvent.change(swahili, { target: { value: 'a' } })
    save()
    expect(await screen.findByText('Up to 24 characters that can be seen.')).toBeTruthy()
  })
})
