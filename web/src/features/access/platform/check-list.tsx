import { CircleAlert, CircleCheck, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SetupState } from '@/api/types'
import { useFormat } from '@/i18n/format'

const looks = {
  ok: { icon: CircleCheck, colour: 'text-ok' },
  warn: { icon: CircleAlert, colour: 'text-warn' },
  failed: { icon: CircleX, colour: 'text-danger' },
} as const

/** The machine part by part: how it was found, and what to do about it. */
export function CheckList({ checks }: { checks: SetupState['checks'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <ul className="flex flex-col gap-3">
      {checks.map(({ name, state, value, detail }) => {
        const { icon: Icon, colour } = looks[state]
        return (
          <li key={name} className="flex items-start gap-3">
            <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colour}`} strokeWidth={1.75} />
            <div className="min-w-0">
              <p>
                <span className="font-medium">{t(`setup.part.${name}`)}</span>{' '}
                <span className={`text-meta ${colour}`}>{t(`setup.state.${state}`)}</span>
                {name === 'storage' && value !== null && (
                  <span className="text-ink-3 text-meta">
                    {' · '}
                    {t('setup.free', { size: format.number(Math.round(value / 1e8) / 10) })}
                  </span>
                )}
              </p>
              {state !== 'ok' && (
                <p className="text-compact text-ink-2">
                  {state === 'warn' && name === 'mail' ? t('setup.help.mail_later') : t(`setup.help.${name}`)}
                </p>
              )}
              {state === 'failed' && (
                <p className="mt-0.5 text-ink-3 text-meta">
                  <bdi dir="ltr">{detail}</bdi>
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
