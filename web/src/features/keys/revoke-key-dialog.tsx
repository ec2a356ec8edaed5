import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { ApiKey } from '@/api/types'
import { ConfirmDialog } from '@/ui/confirm-dialog'
import { Field } from '@/ui/field'
import { useRevokeKey } from './api/revoke-key'

/** Ends a key for good, after its name was typed. */
export function RevokeKeyDialog({ apiKey: key, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation()
  const revoke = useRevokeKey()
  const [typed, setTyped] = useState('')
  return (
    <ConfirmDialog
      title={t('api_key.revoke_title', { name: key.name })}
      lead={t('api_key.revoke_lead')}
      action={t('api_key.revoke')}
      problem={asProblem(revoke.error)}
      busy={revoke.isPending}
      blocked={typed.trim() !== key.name}
      onClose={onClose}
      onConfirm={() => revoke.mutate(key.id, { onSuccess: onClose })}
    >
      <Field
        label={t('api_key.type_name', { name: key.name })}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </ConfirmDialog>
  )
}
