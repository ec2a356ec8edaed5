import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { NewKey } from '@/api/types'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { Dialog } from '@/ui/dialog'
import { CallExample } from './call-example'
import { exampleCall } from './keys.model'

type Props = { made: NewKey; onDone: () => void; lead: string }

/** A secret, this once: nobody can show it again. Only saying that it is saved closes it. */
export function SecretShown({ made, onDone, lead }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog
      open
      // A click beside it must not cost the secret.
      onOpenChange={() => {}}
      closable={false}
      title={t('api_key.secret_title', { name: made.name })}
      description={lead}
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-col gap-2">
          <p className="font-medium text-compact">{t('api_key.secret')}</p>
          <output
            dir="ltr"
            aria-label={t('api_key.secret')}
            className="select-all break-all rounded-input border border-line bg-raised px-3 py-2 font-mono"
          >
            {made.secret}
          </output>
          <div>
            <CopyButton text={made.secret} label={t('api_key.copy_secret')} />
          </div>
        </div>
        <p className="flex items-start gap-2 rounded-control bg-warn-soft px-3 py-2 text-compact text-warn">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
          {t('api_key.once')}
        </p>
        {made.kind !== 'write' && made.kind !== 'ingest' && (
          <CallExample text={exampleCall(window.location.origin, made.secret, made.scopes)} />
        )}
        <Button look="primary" size="large" onClick={onDone}>
          {t('api_key.saved')}
        </Button>
      </div>
    </Dialog>
  )
}
