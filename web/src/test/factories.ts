// What the server sends, by the state a test needs.
import type { Channel, Conversation, Me, Message, PublicConfig, Session } from '@/api/types'

let count = 0
const next = () => {
  count += 1
  return `0198f3c2-7b3a-7000-8000-${String(count).padStart(12, '0')}`
}

export const noon = '2026-11-21T12:00:00.000Z'
export const at = (minutes: number) => new Date(Date.parse(noon) + minutes * 60_000).toISOString()

const role = { id: next(), key: 'owner', name: 'Owner' }
const tenant = { id: next(), slug: 'acme-kenya', name: 'Acme Kenya', status: 'active', plan: 'free' }
export const user: Me['user'] = {
  id: next(),
  name: 'Wanjiku Mwangi',
  email: 'wanjiku@acme.test',
  email_verified: true,
  totp_enabled: false,
  avatar_url: null,
  locale: 'en',
  timezone: 'Africa/Nairobi',
  preferences: {},
  platform_role: null,
  created_at: noon,
}
export const colleague = { id: next(), name: 'Sarah Njeri' }

const ownerPermissions = ['conversation.view', 'conversation.reply', 'channel.view', 'channel.manage']

export const meFactory = {
  owner: (): Me => me(ownerPermissions),
  with: (...permissions: string[]): Me => me(permissions),
  /** Runs the installation and is in no workspace. */
  operator: (): Me => ({
    ...me([]),
    user: { ...user, platform_role: 'admin', totp_enabled: true },
    tenant: null,
    membership: null,
    memberships: [],
  }),
}

function me(permissions: string[]): Me {
  return {
    user,
    tenant,
    membership: { role, permissions, scopes: ['all'], reveal: [], teams: [] },
    memberships: [{ tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name }, role, status: 'active' }],
    appearance: { palette: null, labels: {} },
  }
}

export function session(): Session {
  return {
    access_token: 'a',
    token_type: 'Bearer',
    expires_in: 900,
    refresh_token: 'r',
    user,
    tenant,
    memberships: me([]).memberships,
    mfa_setup_required: false,
  }
}

export function config(change: Partial<PublicConfig> = {}): PublicConfig {
  return {
    name: 'Baraza',
    mode: 'saas',
    signup_enabled: true,
    setup_needed: false,
    simulator_enabled: true,
    branding: null,
    vapid_public_key: null,
    meta: { app_id: null, config_id: null },
    version: 'test',
    ...change,
  }
}

export function channel(change: Partial<Channel> = {}): Channel {
  return {
    id: channelId,
    kind: 'whatsapp',
    name: 'Support line',
    status: 'connected',
    status_reason: null,
    external: { display: '+254 700 000 111' },
    credentials: {} as Channel['credentials'],
    webhook: { url: '', own_app: false, last_seen_at: null },
    capabilities: {
      receipts: ['sent', 'delivered', 'read'],
      kinds: ['text'],
      max_text: 4096,
      reactions: true,
      templates: true,
      typing_in: false,
    },
    team_id: null,
    settings: {} as Channel['settings'],
    simulated: false,
    created_at: noon,
    updated_at: noon,
    ...change,
  }
}

const channelId = next()

export const conversationFactory = {
  queued: (change: Partial<Conversation> = {}) => conversation({ status: 'queued', assignee: null, ...change }),
  mine: (change: Partial<Conversation> = {}) => conversation({ assignee: { id: user.id, name: user.name }, ...change }),
  /** Its last message came `minutes` after noon. */
  activeAt: (minutes: number, change: Partial<Conversation> = {}) => {
    const row = conversation(change)
    const last_message = row.last_message && { ...row.last_message, created_at: at(minutes) }
    return { ...row, last_message, updated_at: at(minutes) }
  },
}

let number = 1000

function conversation(change: Partial<Conversation>): Conversation {
  number += 1
  const contact = {
    id: next(),
    name: `Contact ${number}`,
    identity: { id: next(), kind: 'wa_phone', value: '+254711000222', username: null },
  }
  return {
    id: next(),
    number,
    channel: { id: channelId, kind: 'whatsapp', name: 'Support line' },
    contact,
    status: 'active',
    assignee: { id: colleague.id, name: colleague.name },
    team: null,
    priority: 'normal',
    subject: null,
    unread: 0,
    last_message: {
      id: next(),
      seq: 3,
      direction: 'in',
      kind: 'text',
      text: `Words of ${contact.name}`,
      status: 'received',
      sender: { kind: 'contact', id: contact.id, name: contact.name },
      created_at: noon,
    },
    last_seq: 3,
    window_expires_at: '2099-01-01T00:00:00.000Z',
    waiting_since: null,
    tags: [],
    owner: { kind: 'human', epoch: 1 },
    cycle: 1,
    snoozed_until: null,
    wrapup: null,
    previous_id: null,
    simulated: false,
    version: 1,
    created_at: noon,
    updated_at: noon,
    resolved_at: null,
    ...change,
  }
}

const nothing = { sent: null, delivered: null, read: null, played: null, failed: null }

export const messageFactory = {
  received: (seq: number, change: Partial<Message> = {}) =>
    message({
      seq,
      direction: 'in',
      status: 'received',
      sender: { kind: 'contact', id: 'c', name: 'Otieno' },
      ...change,
    }),
  ours: (seq: number, status: Message['status'], change: Partial<Message> = {}) =>
    message({ seq, direction: 'out', status, sender: { kind: 'user', id: user.id, name: user.name }, ...change }),
  failed: (seq: number, retryable: boolean) =>
    messageFactory.ours(seq, 'failed', {
      error: { code: '131026', title: 'This person cannot receive messages here.', detail: '', retryable },
    }),
  event: (seq: number): Message => {
    const actor = { kind: 'user' as const, id: colleague.id, name: colleague.name }
    const event = { kind: 'assigned' as const, actor, data: null }
    return message({ seq, direction: '', status: '', kind: 'event', text: null, event })
  },
}

function message(change: Partial<Message>): Message {
  return {
    id: next(),
    conversation_id: 'k',
    seq: 1,
    direction: 'in',
    kind: 'text',
    text: `Text ${change.seq}`,
    content: null,
    raw_type: null,
    media: [],
    status: 'received',
    status_at: nothing,
    provider_id: null,
    client_id: null,
    sender: { kind: 'contact', id: 'c', name: 'Otieno' },
    reply_to: null,
    reactions: [],
    error: null,
    event: null,
    provider_at: null,
    created_at: at(change.seq ?? 0),
    edited_at: null,
    deleted_at: null,
    version: 1,
    ...change,
  }
}

export function messagePage(items: Message[], around: { before?: boolean; after?: boolean } = {}) {
  return { items, has_before: around.before ?? false, has_after: around.after ?? false, next_cursor: null }
}
