import { CircleCheck, Clock, RefreshCw, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ApiKey } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { Chip } from '@/ui/chip'
import { usePermissionWords } from '@/ui/permission-words'
import { useNow } from '@/ui/use-now'
import type { KeyAct } from './key-list'
import { stateOf } from './keys.model'

const looks = {
  active: { look: 'ok', icon: CircleCheck },
  ending: { look: 'warn', icon: Clock },
  expired: { look: 'danger', icon: TriangleAlert },
  revoked: { look: 'danger', icon: TriangleAlert },
} as const

type Props = { apiKey: ApiKey; onAct: (act: KeyAct) => void }

/** One key: what it is for, what it may do, when it was used and until when it works. */
export function KeyRow({ apiKey: key, onAct }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const words = usePermissionWords()
  const state = stateOf(key, now)
  const overlapping = key.previous_until !== null && Date.parse(key.previous_until) > now
  const facts = [
    [t('api_key.last_used'), key.last_used_at ? format.full(key.last_used_at) : t('api_key.never_used')],
    [t('api_key.expires'), key.expires_at ? format.full(key.expires_at) : t('api_key.never')],
    [t('api_key.from'), key.ip_allow.length > 0 ? key.ip_allow.join(', ') : t('api_key.anywhere')],
    [t('api_key.made'), format.full(key.created_at)],
  ] as const
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 py-4">
      <div className="flex min-w-0 flex-1 basis-100 flex-col gap-2">
        <p className="flex flex-wrap items-center gap-2">
          <bdi className="min-w-0 break-words font-medium">{key.name}</bdi>
          <Chip>{t(`api_key.kind.${key.kind}`)}</Chip>
          <Chip {...looks[state]}>{t(`api_key.state.${state}`)}</Chip>
          <bdi dir="ltr" className="font-mono text-compact text-ink-2">
            {key.prefix}…
          </bdi>
        </p>
        {overlapping && key.previous_until && (
          <p className="flex items-center gap-1 text-compact text-warn">
            <RefreshCw aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
            {t('api_key.previous_until', { time: format.full(key.previous_until) })}
          </p>
        )}
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-0.5 text-compact list:grid-cols-[max-content_minmax(0,1fr)_max-content_minmax(0,1fr)]">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-3">{name}</dt>
              <dd className="break-words text-ink-2">
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        <details className="text-compact">
          <summary className="w-fit text-ink-2 hover:text-ink max-list:py-2">
            {t('api_key.may_count', { count: key.scopes.length })}
          </summary>
          <ul aria-label={t('api_key.may')} className="mt-2 flex flex-col gap-1">
            {key.scopes.map((scope) => (
              <li key={scope} className="flex flex-wrap items-baseline gap-x-2">
                <bdi dir="ltr" className="font-mono text-meta text-ink-2">
                  {scope}
                </bdi>
                {words(scope) !== scope && <span className="text-ink-2">{words(scope)}</span>}
              </li>
            ))}
          </ul>
        </details>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button aria-label={t('api_key.edit_named', { name: key.name })} onClick={() => onAct('edit')}>
          {t('api_key.edit')}
        </Button>
        <Button aria-label={t('api_key.rotate_named', { name: key.name })} onClick={() => onAct('rotate')}>
          {t('api_key.rotate')}
        </Button>
        <Button
          look="danger"
          aria-label={t('api_key.revoke_named', { name: key.name })}
          onClick={() => onAct('revoke')}
        >
          {t('api_key.revoke')}
        </Button>
      </div>
    </li>
  )
}
