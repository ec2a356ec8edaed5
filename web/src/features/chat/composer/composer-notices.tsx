import { LockKeyhole, TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '@/api/types'
import type { Refusal } from '@/realtime/drafts'
import { IconButton } from '@/ui/icon-button'
import type { Block } from './composer.model'

const line = 'flex items-start gap-2 rounded-control px-3 py-2 text-compact'

/** Nothing may be written now, and why. */
export function BlockNotice({ block }: { block: Block }) {
  const { t } = useTranslation()
  return (
    <p id="composer-block" role="status" className={`${line} bg-raised text-ink-2`}>
      <LockKeyhole aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
      {t(`composer.block.${block}`)}
    </p>
  )
}

/** The server did not take the message: its reason, with the text back in the field. */
export function RefusalNotice({ refused, onDismiss }: { refused: Refusal; onDismiss: () => void }) {
  const { t } = useTranslation()
  const known = ['window_closed', 'permission_denied', 'not_found', 'contact_blocked', 'opted_out'] as const
  const code = known.find((item) => item === refused.code)
  return (
    <div role="alert" className={`${line} bg-danger-soft text-danger`}>
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
      <p className="flex-1">
        {code ? t(`composer.refused.${code}`) : t('composer.refused.other', { reason: refused.detail })}
      </p>
      <IconButton icon={X} label={t('common.dismiss')} onClick={onDismiss} className="-my-1 size-7 text-danger" />
    </div>
  )
}

/** The channel is in trouble, but what is written is kept and sent later. */
export function ChannelNotice({ channel }: { channel: Channel | undefined }) {
  const { t } = useTranslation()
  if (channel?.status !== 'reauth_required') return null
  return (
    <p role="status" className={`${line} bg-warn-soft text-warn`}>
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
      {t('composer.reauth_required')}
    </p>
  )
}
