import { addressesIn } from './people.model'

/** One address to be invited, and how that went. */
export type InviteLine = {
  key: number
  email: string
  roleId: string
  teamIds: string[]
  /** The link, once it was sent. */
  url: string | null
}

let keys = 0

export function newLine(like: Pick<InviteLine, 'roleId' | 'teamIds'>, email = ''): InviteLine {
  keys += 1
  return { key: keys, email, roleId: like.roleId, teamIds: like.teamIds, url: null }
}

/** The lines after many addresses were pasted into one: each gets a line like it; none appears twice. */
export function spread(lines: InviteLine[], at: InviteLine, pasted: string): InviteLine[] {
  const listed = new Set(lines.filter((line) => line !== at).map((line) => line.email.trim().toLowerCase()))
  const [first, ...others] = addressesIn(pasted).filter((address) => !listed.has(address.toLowerCase()))
  if (!first) return lines
  return lines.flatMap((line) =>
    line === at ? [{ ...line, email: first }, ...others.map((email) => newLine(line, email))] : [line],
  )
}
