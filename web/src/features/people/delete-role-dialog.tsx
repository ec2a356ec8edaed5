import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Role } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { announce } from '@/ui/announcer'
import { ConfirmDialog } from '@/ui/confirm-dialog'
import { useDeleteRole } from './api/delete-role'
import { usePeopleWords } from './people-words'

type Props = {
  role: Role
  /** The way to the people who have it, for when that is the reason of the refusal. */
  holders: ReactNode
  onClose: () => void
}

export function DeleteRoleDialog({ role, holders, onClose }: Props) {
  const { t } = useTranslation()
  const own = usePeopleWords()
  const remove = useDeleteRole()
  const problem = asProblem(remove.error)
  const name = isolate(role.name)
  return (
    <ConfirmDialog
      title={t('roles.delete_title', { role: name })}
      lead={t('roles.delete_lead')}
      action={t('roles.delete')}
      problem={problem}
      own={own(problem)}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(role.id, {
          onSuccess: () => {
            announce(t('roles.deleted_said', { role: name }))
            onClose()
          },
        })
      }
      onClose={onClose}
    >
      {problem?.code === 'in_use' && holders}
    </ConfirmDialog>
  )
}
