import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Team, TeamMember } from '@/api/types'
import { Avatar } from '@/ui/avatar'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { ErrorPanel } from '@/ui/error-panel'
import { Field } from '@/ui/field'
import { Refusal } from '@/ui/refusal'
import { Skeleton } from '@/ui/skeleton'
import { type TeamRole, useChangeTeamMembers } from './api/change-team-members'
import { peopleQuery } from './api/search-people'

const roles: TeamRole[] = ['agent', 'manager']

type Props = { team: Team; present: TeamMember[]; onClose: () => void }

/** Puts one of the workspace's people into a team. */
export function AddMemberDialog({ team, present, onClose }: Props) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState('')
  const [role, setRole] = useState<TeamRole>('agent')
  const people = useQuery(peopleQuery(useDeferredValue(search.trim())))
  const change = useChangeTeamMembers(team.id)
  const problem = asProblem(people.error)
  const others = people.data?.items.filter((person) => !present.some((member) => member.id === person.id))
  const selected = others?.some((person) => person.id === chosen) ?? false
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('team.add_title', { team: team.name })}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (selected) change.mutate({ kind: 'add', userId: chosen, role }, { onSuccess: onClose })
        }}
      >
        <Field
          label={t('team.search')}
          type="search"
          autoComplete="off"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <fieldset className="flex min-w-0 flex-col gap-1">
          <legend className="mb-1 font-medium text-compact">{t('team.person')}</legend>
          {!others && !problem && <Skeleton className="h-30" />}
          {!others && problem && (
            <ErrorPanel
              problem={problem}
              what={t('team.people_failed')}
              onRetry={() => people.refetch()}
              retrying={people.isFetching}
            />
          )}
          {others?.length === 0 && (
            <p className="text-ink-2">{search.trim() ? t('team.nobody_like') : t('team.all_in')}</p>
          )}
          {others && others.length > 0 && (
            <div className="scroll-quiet max-h-52 overflow-y-auto rounded-input border border-line">
              {others.map((person) => (
                <label
                  key={person.id}
                  className="flex items-center gap-3 px-3 py-1.5 hover:bg-raised has-checked:bg-accent-soft max-list:min-h-11"
                >
                  <input
                    type="radio"
                    name="person"
                    value={person.id}
                    checked={chosen === person.id}
                    onChange={() => setChosen(person.id)}
                    className="size-4 shrink-0 accent-accent"
                  />
                  <Avatar name={person.name} size="small" />
                  <bdi className="truncate">{person.name}</bdi>
                </label>
              ))}
            </div>
          )}
        </fieldset>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 font-medium text-compact">{t('team.as')}</legend>
          {roles.map((item) => (
            <label key={item} className="flex items-start gap-3">
              <input
                type="radio"
                name="role"
                value={item}
                checked={role === item}
                onChange={() => setRole(item)}
                className="mt-0.5 size-4 shrink-0 accent-accent"
              />
              <span>
                <span className="font-medium">{t(`team.role.${item}`)}</span>
                <span className="block text-compact text-ink-2">{t(`team.role_means.${item}`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Refusal problem={asProblem(change.error)} own={{ already_exists: t('team.in_already') }} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" look="primary" busy={change.isPending} disabled={!selected}>
            {t('team.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
