// Every query key of the app. Features add their factory here, because realtime/apply.ts writes to the same caches.

export type ConversationView = 'mine' | 'unassigned' | 'all'

/** What a list of conversations is narrowed by; equal to the parameters in the address bar. */
export type ConversationFilter = { view: ConversationView; unread: boolean }

export const sessionKeys = {
  me: ['me'] as const,
  refused: ['me', 'refused'] as const,
  config: ['config'] as const,
  logins: ['logins'] as const,
  security: ['security-settings'] as const,
}

export const conversationKeys = {
  all: ['conversations'] as const,
  lists: ['conversations', 'list'] as const,
  list: (filter: ConversationFilter) => ['conversations', 'list', filter] as const,
  counts: ['conversations', 'counts'] as const,
  details: ['conversations', 'detail'] as const,
  detail: (id: string) => ['conversations', 'detail', id] as const,
}

export const messageKeys = {
  threads: ['messages', 'thread'] as const,
  thread: (conversationId: string) => ['messages', 'thread', conversationId] as const,
  detail: (id: string) => ['messages', 'detail', id] as const,
}

/** What the audit log is narrowed by: the query of the API. */
export type AuditQuery = { actor?: string; action?: string; object?: string; from?: string; to?: string }

export const auditKeys = {
  list: (query: AuditQuery) => ['audit', 'list', query] as const,
  people: ['audit', 'people'] as const,
}

/** What the members are narrowed by: the query of the API. */
export type MemberQuery = { search?: string; role?: string; team?: string; state?: 'active' | 'suspended' }

export type InvitationState = 'open' | 'accepted' | 'revoked' | 'expired'

export const peopleKeys = {
  members: ['people', 'members'] as const,
  memberList: (query: MemberQuery) => ['people', 'members', 'list', query] as const,
  everybody: ['people', 'members', 'everybody'] as const,
  held: (userId: string) => ['people', 'held', userId] as const,
  invitations: ['people', 'invitations'] as const,
  invitationList: (state?: InvitationState) => ['people', 'invitations', state ?? 'all'] as const,
  invited: (token: string) => ['people', 'invited', token] as const,
  roles: ['people', 'roles'] as const,
}

export const permissionsKey = ['permissions'] as const

export const platformKeys = {
  setup: ['platform', 'setup'] as const,
  settings: ['platform', 'settings'] as const,
  letters: ['platform', 'letters'] as const,
}

export const workspaceKeys = {
  all: ['workspace'] as const,
  tenant: ['workspace', 'tenant'] as const,
  branding: ['workspace', 'branding'] as const,
  palette: (accent: string, accentDark: string) => ['workspace', 'palette', accent, accentDark] as const,
  navigation: ['workspace', 'navigation'] as const,
}

export const teamKeys = {
  all: ['teams'] as const,
  joinable: ['teams', 'joinable'] as const,
  list: (archived: boolean) => ['teams', 'list', archived] as const,
  detail: (id: string) => ['teams', 'detail', id] as const,
  members: (id: string) => ['teams', 'members', id] as const,
  people: ['teams', 'people'] as const,
}

export const apiKeyKeys = {
  list: ['api-keys'] as const,
}

export const usageKeys = {
  report: ['usage'] as const,
}

export const channelKeys = {
  list: ['channels'] as const,
}
