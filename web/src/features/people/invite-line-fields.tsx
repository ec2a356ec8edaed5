import { CircleCheck, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import type { Role, Team } from '@/api/types'
import { Field } from '@/ui/field'
import { IconButton } from '@/ui/icon-button'
import { useRefusalWords } from '@/ui/refusal'
import type { InviteLine } from './invite-lines.model'
import { LinkOnce } from './link-once'
import { addressesIn } from './people.model'
import { usePeopleWords } from './people-words'
import { RoleSelect } from './role-select'
import { TeamPicker } from './team-picker'

type Props = {
  line: InviteLine
  number: number
  roles: Role[]
  teams: Team[]
  problem: Problem | 'address' | 'twice' | null
  onChange: (change: Partial<InviteLine>) => void
  onPaste: (text: string) => void
  onRemove: (() => void) | undefined
}

/** One address with its role and teams; once it was sent, its link. */
export function InviteLineFields({ line, number, roles, teams, problem, onChange, onPaste, onRemove }: Props) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const refused = typeof problem === 'string' ? null : problem
  const refusal = useRefusalWords(refused, own(refused))
  if (line.url) {
    return (
      <li className="flex items-start gap-3 rounded-input border border-line p-3">
        <CircleCheck aria-hidden className="size-5 shrink-0 text-ok" strokeWidth={1.75} />
        <div className="min-w-0 flex-1">
          <LinkOnce email={line.email.trim()} url={line.url} />
        </div>
      </li>
    )
  }
  const words = () => {
    if (problem === 'address') return t('auth.invalid.email')
    if (problem === 'twice') return t('people.problem.twice')
    return refusal ?? undefined
  }
  return (
    <li className="flex items-start gap-3">
      <fieldset className="grid min-w-0 flex-1 grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)] items-start gap-3 max-desk:grid-cols-2 max-list:grid-cols-1 max-desk:[&>*:nth-child(2)]:col-span-full">
        <legend className="sr-only">{t('people.line', { number })}</legend>
        <Field
          label={t('auth.email')}
          type="email"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
          value={line.email}
          error={words()}
          onChange={(event) => onChange({ email: event.target.value })}
          onPaste={(event) => {
            const text = event.clipboardData.getData('text')
            if (addressesIn(text).length < 2) return
            event.preventDefault()
            onPaste(text)
          }}
        />
        <RoleSelect
          label={t('people.role')}
          roles={roles}
          value={line.roleId}
          onChange={(event) => onChange({ roleId: event.target.value })}
        />
        {teams.length > 0 && (
          <TeamPicker
            label={t('people.teams')}
            teams={teams}
            chosen={line.teamIds}
            onChange={(teamIds) => onChange({ teamIds })}
          />
        )}
      </fieldset>
      {onRemove && (
        <IconButton
          icon={X}
          label={t('people.remove_line', { number })}
          tooltipAlign="end"
          className="mt-6"
          onClick={onRemove}
        />
      )}
    </li>
  )
}
