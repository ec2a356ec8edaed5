import type { InvitationState, MemberQuery } from '@/api/keys'

/** What the page of people shows, as it stands in the address bar. */
export type PeopleSearch = MemberQuery & { tab?: 'invitations'; sent?: InvitationState; invite?: true }

const states = ['open', 'expired', 'accepted', 'revoked'] as const

/** The known parameters of an address, without the empty ones. */
export function peopleSearch(given: Record<string, unknown>): PeopleSearch {
  const search: PeopleSearch = {}
  for (const name of ['search', 'role', 'team'] as const) {
    const value = given[name]
    if (typeof value === 'string' && value !== '') search[name] = value
  }
  if (given.state === 'active' || given.state === 'suspended') search.state = given.state
  if (given.tab === 'invitations') search.tab = 'invitations'
  const sent = states.find((state) => state === given.sent)
  if (sent) search.sent = sent
  if (given.invite === true) search.invite = true
  return search
}
