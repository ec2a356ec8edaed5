import { createFileRoute } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { ApiKey, NewKey } from '@/api/types'
import { CreateKeyDialog } from '@/features/keys/create-key-dialog'
import { EditKeyDialog } from '@/features/keys/edit-key-dialog'
import { type KeyAct, KeyList } from '@/features/keys/key-list'
import { RevokeKeyDialog } from '@/features/keys/revoke-key-dialog'
import { RotateKeyDialog } from '@/features/keys/rotate-key-dialog'
import { SecretShown } from '@/features/keys/secret-shown'
import { Button } from '@/ui/button'
import { NoPermission } from '@/ui/no-permission'
import { PageMain } from '@/ui/page-main'

export const Route = createFileRoute('/t/$slug/settings/api-keys')({ component: ApiKeysPage })

type Asking = { act: 'create' } | { act: KeyAct; key: ApiKey } | { act: 'shown'; made: NewKey; rotated: boolean } | null

function ApiKeysPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [asking, setAsking] = useState<Asking>(null)
  if (!may('apikey.manage')) return <NoPermission permission="apikey.manage" />
  const close = () => setAsking(null)
  const create = (
    <Button look="primary" onClick={() => setAsking({ act: 'create' })}>
      <Plus aria-hidden className="size-4" strokeWidth={1.75} />
      {t('api_key.new')}
    </Button>
  )
  return (
    <PageMain wide title={t('settings.api_keys')} lead={t('api_key.lead')} actions={create}>
      <div className="overflow-hidden rounded-panel border border-line bg-surface">
        <KeyList onAct={(act, key) => setAsking({ act, key })} onCreate={create} />
      </div>
      {asking?.act === 'create' && (
        <CreateKeyDialog onClose={close} onMade={(made) => setAsking({ act: 'shown', made, rotated: false })} />
      )}
      {asking?.act === 'edit' && <EditKeyDialog apiKey={asking.key} onClose={close} />}
      {asking?.act === 'rotate' && (
        <RotateKeyDialog
          apiKey={asking.key}
          onClose={close}
          onMade={(made) => setAsking({ act: 'shown', made, rotated: true })}
        />
      )}
      {asking?.act === 'revoke' && <RevokeKeyDialog apiKey={asking.key} onClose={close} />}
      {asking?.act === 'shown' && (
        <SecretShown
          made={asking.made}
          lead={asking.rotated ? t('api_key.rotated_lead') : t('api_key.made_lead')}
          onDone={close}
        />
      )}
    </PageMain>
  )
}
