import { CircleCheck, Clock, MailX, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Invitation, Team } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'
import { Chip } from '@/ui/chip'
import { useNow } from '@/ui/use-now'
import { LinkOnce } from './link-once'
import { useRoleName } from './role-words'

const looks = {
  open: { look: 'outline', icon: Clock },
  expired: { look: 'warn', icon: MailX },
  accepted: { look: 'ok', icon: CircleCheck },
  revoked: { look: 'outline', icon: Undo2 },
} as const

type Props = {
  invitation: Invitation
  teams: Team[]
  /** The link, right after it was sent again. */
  link: string | null
  resending: boolean
  onResend: () => void
  onRevoke: () => void
}

export function InvitationRow({ invitation, teams, link, resending, onResend, onRevoke }: Props) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const roleName = useRoleName()
  const { email, inviter, state } = invitation
  const waiting = state === 'open' || state === 'expired'
  const names = teams.filter((team) => invitation.team_ids.includes(team.id)).map((team) => team.name)
  const role = invitation.role ? roleName(invitation.role) : t('people.role_missing')
  const words = () => {
    if (state === 'open') {
      return t('people.sent_left', { time: format.left(Date.parse(invitation.expires_at) - now) })
    }
    return t(`people.sent.${state}`)
  }
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <bdi dir="ltr" className="min-w-0 truncate font-medium">
              {email}
            </bdi>
            <Chip {...looks[state]}>{words()}</Chip>
          </p>
          <p className="text-compact text-ink-2">
            {[role, ...(names.length > 0 ? [isolate(new Intl.ListFormat(i18n.language).format(names))] : [])].join(
              ' · ',
            )}
            {' · '}
            {t('people.invited_by', { name: isolate(inviter), age: format.age(invitation.created_at, now) })}
          </p>
        </div>
        {waiting && (
          <div className="flex flex-wrap gap-2">
            <Button busy={resending} aria-label={t('people.resend_named', { email })} onClick={onResend}>
              {t('people.resend')}
            </Button>
            <Button look="danger" aria-label={t('people.revoke_named', { email })} onClick={onRevoke}>
              {t('people.revoke')}
            </Button>
          </div>
        )}
      </div>
      {link && <LinkOnce email={email} url={link} />}
    </li>
  )
}
