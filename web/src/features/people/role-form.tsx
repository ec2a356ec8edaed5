import { useSuspenseQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { meQuery } from '@/api/session'
import type { Permission, Role } from '@/api/types'
import { Button } from '@/ui/button'
import { Field } from '@/ui/field'
import { LeaveGuard } from '@/ui/leave-guard'
import { Panel } from '@/ui/panel'
import { usePermissionWords } from '@/ui/permission-words'
import { Refusal } from '@/ui/refusal'
import { saveKey } from '@/ui/save-key'
import { useSaveRole } from './api/save-role'
import { lackedFor } from './people.model'
import { usePeopleWords } from './people-words'
import { byArea, type RoleDraft, reveals, sameRole, scopes, toggled } from './role.model'
import { TickField } from './tick-field'

type Props = {
  begun: RoleDraft
  /** The role that is changed; null for a new one. */
  of: Role | null
  permissions: Permission[]
  onSaved: (role: Role) => void
  onCancel: () => void
}

/** A custom role: its name, the rows it reaches, what it may. Nothing can be given that the caller does not hold. */
export function RoleForm({ begun, of, permissions, onSaved, onCancel }: Props) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const words = usePermissionWords()
  const { membership } = useSuspenseQuery(meQuery).data
  const save = useSaveRole()
  const [draft, setDraft] = useState(begun)
  const [nameless, setNameless] = useState(false)
  const problem = asProblem(save.error)
  const taken = problem?.code === 'already_exists'
  const dirty = !sameRole(draft, begun)
  const holds = (permission: string) => membership?.permissions.includes(permission) ?? false
  const reason = (permission: string) => (holds(permission) ? undefined : t('roles.not_held'))
  const set = (change: Partial<RoleDraft>) => setDraft((now) => ({ ...now, ...change }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setNameless(draft.name.trim() === '')
    if (draft.name.trim() === '' || draft.permissions.length === 0) return
    save.mutate({ draft: { ...draft, name: draft.name.trim() }, of }, { onSuccess: onSaved })
  }
  return (
    <form onSubmit={submit} onKeyDown={saveKey} noValidate className="flex flex-col gap-5">
      <Panel title={t('roles.about')}>
        <Field
          label={t('roles.name')}
          maxLength={80}
          value={draft.name}
          error={nameless ? t('roles.name_missing') : taken ? t('roles.name_taken') : undefined}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Panel>
      <Panel title={t('roles.scopes')} lead={t('roles.scopes_lead')}>
        <div className="grid grid-cols-2 gap-x-6 gap-y-1 max-list:grid-cols-1">
          {scopes.map((scope) => (
            <TickField
              key={scope}
              label={t(`roles.scope.${scope}`)}
              refused={lackedFor(membership, { permissions: [], scopes: [scope] }) ? t('roles.not_held') : undefined}
              checked={draft.scopes.includes(scope)}
              onChange={(on) => set({ scopes: toggled(draft.scopes, scope, on) })}
            />
          ))}
        </div>
      </Panel>
      <Panel title={t('roles.reveal')} lead={t('roles.reveal_lead')}>
        <div className="grid grid-cols-2 gap-x-6 gap-y-1 max-list:grid-cols-1">
          {reveals.map((level) => (
            <TickField
              key={level}
              label={t(`roles.level.${level}`)}
              refused={reason('contact.view_pii')}
              checked={draft.reveal.includes(level)}
              onChange={(on) => set({ reveal: toggled(draft.reveal, level, on) })}
            />
          ))}
        </div>
      </Panel>
      {byArea(permissions).map(({ area, permissions: group }) => {
        const givable = group.map(({ name }) => name).filter(holds)
        const all = givable.every((name) => draft.permissions.includes(name))
        const others = draft.permissions.filter((name) => !givable.includes(name))
        return (
          <Panel
            key={area}
            title={t(`role.area.${area}`)}
            actions={
              <Button
                look="ghost"
                size="compact"
                disabled={givable.length === 0}
                onClick={() => set({ permissions: all ? others : [...others, ...givable] })}
              >
                {all && givable.length > 0 ? t('roles.none_of') : t('roles.all_of')}
              </Button>
            }
          >
            <div className="grid grid-cols-2 gap-x-6 gap-y-1 max-list:grid-cols-1">
              {group.map(({ name, description }) => (
                <TickField
                  key={name}
                  label={words(name, description)}
                  title={name}
                  refused={reason(name)}
                  checked={draft.permissions.includes(name)}
                  onChange={(on) => set({ permissions: toggled(draft.permissions, name, on) })}
                />
              ))}
            </div>
          </Panel>
        )
      })}
      <div className="sticky bottom-0 -mx-6 -mb-6 flex flex-col gap-2 border-line border-t bg-canvas px-6 py-3 max-list:-mx-4 max-list:-mb-4 max-list:px-4">
        {problem && !taken && <Refusal problem={problem} own={own(problem)} />}
        <div className="flex flex-wrap items-center gap-2">
          <Button
            type="submit"
            look="primary"
            busy={save.isPending}
            disabled={draft.permissions.length === 0 || (of !== null && !dirty)}
          >
            {of ? t('form.save') : t('roles.create')}
          </Button>
          <Button look="ghost" onClick={onCancel}>
            {t('form.cancel')}
          </Button>
          <p role="status" className="text-compact text-ink-2">
            {draft.permissions.length === 0
              ? t('roles.empty')
              : of && dirty
                ? t('roles.felt_by', { count: of.member_count })
                : ''}
          </p>
        </div>
      </div>
      <LeaveGuard dirty={dirty} />
    </form>
  )
}
