import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { permissionsQuery } from '@/api/list-permissions'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import type { Permission, Role } from '@/api/types'
import { textLink } from '@/app/page-frame'
import { rolesQuery } from '@/features/people/api/list-roles'
import { DeleteRoleDialog } from '@/features/people/delete-role-dialog'
import { draftOf } from '@/features/people/role.model'
import { RoleForm } from '@/features/people/role-form'
import { RoleMatrix } from '@/features/people/role-matrix'
import { useRoleName } from '@/features/people/role-words'
import { WhoDialog } from '@/features/people/who-dialog'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { ErrorPanel } from '@/ui/error-panel'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'
import { SelectField } from '@/ui/select-field'
import { Skeleton } from '@/ui/skeleton'
import { media, useMedia } from '@/ui/use-media'

/** `edit` is the role that is changed, `copy` the one a new role begins as; `new` begins with nothing. */
type RolesSearch = { edit?: string; copy?: string }

export const Route = createFileRoute('/t/$slug/settings/roles')({
  validateSearch: ({ edit, copy }: Record<string, unknown>): RolesSearch => ({
    ...(typeof edit === 'string' ? { edit } : {}),
    ...(typeof copy === 'string' ? { copy } : {}),
  }),
  component: RolesPage,
})

function RolesPage() {
  const { t } = useTranslation()
  const allowed = useSession().may('role.manage')
  const { edit, copy } = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  const roles = useQuery({ ...rolesQuery, enabled: allowed })
  const permissions = useQuery({ ...permissionsQuery, enabled: allowed })
  const problem = asProblem(roles.error ?? permissions.error)
  if (!allowed) return <NoPermission permission="role.manage" />
  if (!roles.data || !permissions.data) {
    return (
      <PageMain wide title={t('settings.roles')} lead={t('roles.lead')}>
        {problem ? (
          <ErrorPanel
            problem={problem}
            what={t('roles.failed')}
            onRetry={() => Promise.all([roles.refetch(), permissions.refetch()])}
            retrying={roles.isFetching || permissions.isFetching}
          />
        ) : (
          <div role="status" aria-label={t('roles.loading')} className="flex flex-col gap-2">
            <Skeleton className="h-14" />
            {[1, 2, 3, 4, 5, 6, 7].map((row) => (
              <Skeleton key={row} className="h-8" />
            ))}
          </div>
        )}
      </PageMain>
    )
  }
  const of = edit && edit !== 'new' ? roles.data.find((role) => role.id === edit && !role.builtin) : undefined
  const pattern = copy ? roles.data.find((role) => role.id === copy) : undefined
  if (of || pattern || edit === 'new') {
    const back = () => void navigate({ search: {} })
    return (
      <Editor
        key={`${edit} ${copy}`}
        of={of ?? null}
        pattern={pattern}
        permissions={permissions.data}
        onSaved={(role) => {
          announce(t('roles.saved_said', { role: role.name }))
          void navigate({ search: {}, ignoreBlocker: true })
        }}
        onCancel={back}
      />
    )
  }
  return (
    <Matrix
      roles={roles.data}
      permissions={permissions.data}
      onEdit={(id) => void navigate({ search: { edit: id } })}
      onCopy={(id) => void navigate({ search: { copy: id } })}
    />
  )
}

type EditorProps = {
  of: Role | null
  pattern: Role | undefined
  permissions: Permission[]
  onSaved: (role: Role) => void
  onCancel: () => void
}

function Editor({ of, pattern, permissions, onSaved, onCancel }: EditorProps) {
  const { t } = useTranslation()
  const { may } = useSession()
  const roleName = useRoleName()
  const begun = () => {
    if (of) return draftOf(of, of.name)
    if (!pattern) return { name: '', permissions: [], scopes: [], reveal: [] }
    // A copy holds what of it the caller may give.
    const draft = draftOf(pattern, t('roles.copy_of', { role: roleName(pattern) }))
    return {
      ...draft,
      permissions: draft.permissions.filter(may),
      reveal: may('contact.view_pii') ? draft.reveal : [],
    }
  }
  const [draft] = useState(begun)
  return (
    <PageMain
      title={of ? t('roles.edit_title', { role: of.name }) : t('roles.new')}
      lead={pattern ? t('roles.copy_lead', { role: roleName(pattern) }) : t('roles.edit_lead')}
    >
      <RoleForm begun={draft} of={of} permissions={permissions} onSaved={onSaved} onCancel={onCancel} />
    </PageMain>
  )
}

type MatrixProps = {
  roles: Role[]
  permissions: Permission[]
  onEdit: (id: string) => void
  onCopy: (id: string) => void
}

function Matrix({ roles, permissions, onEdit, onCopy }: MatrixProps) {
  const { t } = useTranslation()
  const { tenant, may } = useSession()
  const roleName = useRoleName()
  const phone = useMedia(media.phone)
  const [asked, setAsked] = useState<Permission | null>(null)
  const [deleting, setDeleting] = useState<Role | null>(null)
  const [chosen, setChosen] = useState(roles[0]?.id ?? '')
  // A phone has room for one role.
  const shown = phone ? roles.filter((role) => role.id === chosen) : roles
  const holders = (role: Role) => {
    const words = t('people.count', { count: role.member_count })
    if (!may('member.manage') || role.member_count === 0) return words
    return (
      <Link
        to="/t/$slug/settings/people"
        params={{ slug: tenant.slug }}
        search={{ role: role.id }}
        aria-label={t('roles.holders', { role: roleName(role), people: words })}
        className={textLink}
      >
        {words}
      </Link>
    )
  }
  return (
    <PageMain
      wide
      title={t('settings.roles')}
      lead={t('roles.lead')}
      actions={
        <Button look="primary" onClick={() => onEdit('new')}>
          <Plus aria-hidden className="size-4" strokeWidth={1.75} />
          {t('roles.new')}
        </Button>
      }
    >
      {phone && (
        <SelectField label={t('people.role')} value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {roles.map((role) => (
            <option key={role.id} value={role.id}>
              {roleName(role)}
            </option>
          ))}
        </SelectField>
      )}
      <RoleMatrix
        roles={shown}
        permissions={permissions}
        holders={holders}
        onWho={setAsked}
        onEdit={(role) => onEdit(role.id)}
        onCopy={(role) => onCopy(role.id)}
        onDelete={setDeleting}
      />
      {asked && <WhoDialog permission={asked} roles={roles} onClose={() => setAsked(null)} />}
      {deleting && <DeleteRoleDialog role={deleting} holders={holders(deleting)} onClose={() => setDeleting(null)} />}
    </PageMain>
  )
}
