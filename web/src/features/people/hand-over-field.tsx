import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { Role } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { SelectField } from '@/ui/select-field'
import { heldLimit, heldQuery } from './api/count-held'
import { everybodyQuery } from './api/list-members'
import { answers } from './people.model'

type Props = { of: string; roles: Role[]; value: string; onChange: (userId: string) => void }

/** What somebody has open, and who gets it; their queues, unless a person is chosen who may answer. */
export function HandOverField({ of, roles, value, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { may } = useSession()
  const held = useQuery({ ...heldQuery(of), enabled: may('conversation.view') }).data
  const everybody = useQuery(everybodyQuery)
  const answering = new Set(roles.filter(answers).map((role) => role.id))
  const candidates = (everybody.data ?? []).filter(
    (member) => member.id !== of && member.role && answering.has(member.role.id),
  )
  const hint = () => {
    if (held === undefined) return t('people.hand_over_hint')
    if (held >= heldLimit) return t('people.held_beyond', { number: format.number(heldLimit) })
    return t('people.held', { count: held })
  }
  return (
    <SelectField
      label={t('people.hand_over')}
      hint={hint()}
      aria-busy={everybody.isPending}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{t('people.hand_over_queues')}</option>
      {candidates.map((member) => (
        <option key={member.id} value={member.id}>
          {member.name}
        </option>
      ))}
    </SelectField>
  )
}
