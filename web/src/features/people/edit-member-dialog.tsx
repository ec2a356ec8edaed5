import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Member, Role, Team } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Refusal } from '@/ui/refusal'
import { type MemberChange, useChangeMember } from './api/change-member'
import { HandOverField } from './hand-over-field'
import { answers } from './people.model'
import { usePeopleWords } from './people-words'
import { toggled } from './role.model'
import { RoleSelect } from './role-select'
import { useRoleWords } from './role-words'

type Props = { member: Member; roles: Role[]; teams: Team[]; onClose: () => void }

/** Role and teams of a member. Who loses the right to answer hands over what they have open. */
export function EditMemberDialog({ member, roles, teams, onClose }: Props) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const roleWords = useRoleWords()
  const change = useChangeMember()
  const joined = teams.filter((team) => member.teams.some(({ id }) => id === team.id)).map(({ id }) => id)
  const [roleId, setRoleId] = useState(member.role?.id ?? '')
  const [teamIds, setTeamIds] = useState(joined)
  const [successor, setSuccessor] = useState('')

  const before = roles.find((role) => role.id === member.role?.id)
  const after = roles.find((role) => role.id === roleId)
  const handsOver = before !== undefined && after !== undefined && answers(before) && !answers(after)
  const roleChanged = roleId !== member.role?.id
  const teamsChanged = joined.toSorted().join() !== teamIds.toSorted().join()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted: MemberChange = { id: member.id }
    if (roleChanged) wanted.role_id = roleId
    if (teamsChanged) wanted.team_ids = teamIds
    if (handsOver && successor) wanted.reassign_to = successor
    change.mutate(wanted, {
      onSuccess: () => {
        announce(t('people.changed_said', { name: isolate(member.name) }))
        onClose()
      },
    })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={member.name}
      {...(member.email ? { description: member.email } : {})}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <RoleSelect
          label={t('people.role')}
          hint={after ? roleWords(after) : ''}
          roles={roles}
          value={roleId}
          onChange={(event) => setRoleId(event.target.value)}
        />
        {handsOver && <HandOverField of={member.id} roles={roles} value={successor} onChange={setSuccessor} />}
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium text-compact">{t('people.teams')}</legend>
          {teams.length === 0 && <p className="text-compact text-ink-2">{t('people.no_teams_yet')}</p>}
          {teams.map((team) => (
            <label key={team.id} className="flex min-h-8 items-center gap-3 max-list:min-h-11">
              <input
                type="checkbox"
                className="size-4 accent-accent max-list:size-6"
                checked={teamIds.includes(team.id)}
                onChange={(event) => setTeamIds(toggled(teamIds, team.id, event.target.checked))}
              />
              <bdi>{team.name}</bdi>
            </label>
          ))}
          {teams.length > 0 && <p className="text-ink-3 text-meta">{t('people.everyone_hint')}</p>}
        </fieldset>
        <Refusal problem={asProblem(change.error)} own={own(asProblem(change.error))} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" look="primary" busy={change.isPending} disabled={!roleChanged && !teamsChanged}>
            {t('form.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
