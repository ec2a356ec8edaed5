import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Shade } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'

type Props = {
  label: string
  value: string
  placeholder: string
  /** What the server says of the colour; nothing yet, or no colour. */
  shade: Shade | undefined
  invalid: boolean
  /** The colour was not saved. */
  refused: boolean
  onChange: (value: string) => void
}

/** A colour to pick or to type, whether it can be read, and the nearest that can. */
export function ColourField({ label, value, placeholder, shade, invalid, refused, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const id = useId()
  const judged = shade?.accent === value.toLowerCase() ? shade : undefined
  const bad = invalid || (judged && !judged.passes)
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-compact">
        {label}
      </label>
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="color"
          aria-label={t('branding.pick', { name: label })}
          value={invalid || value === '' ? placeholder : value}
          onChange={(event) => onChange(event.target.value)}
          className="h-10 w-12 cursor-pointer rounded-input border border-line-strong bg-surface p-1 max-list:h-11"
        />
        <input
          id={id}
          dir="ltr"
          value={value}
          placeholder={placeholder}
          maxLength={7}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={bad || undefined}
          aria-describedby={`${id}-verdict`}
          onChange={(event) => onChange(event.target.value.trim())}
          className="h-10 w-32 rounded-input border border-line-strong bg-surface px-3 font-mono text-ink placeholder:text-ink-3 aria-invalid:border-danger max-list:h-11 max-list:text-panel"
        />
        {value !== '' && (
          <Button look="ghost" onClick={() => onChange('')}>
            {t('branding.reset')}
          </Button>
        )}
      </div>
      <div
        id={`${id}-verdict`}
        role={refused ? 'alert' : 'status'}
        className="flex min-h-6 flex-wrap items-center gap-2"
      >
        {invalid ? (
          <p className="text-danger text-meta">{t('branding.invalid')}</p>
        ) : judged?.passes ? (
          <p className="flex items-center gap-1.5 text-meta text-ok">
            <CircleCheck aria-hidden className="size-4" strokeWidth={1.75} />
            {t('branding.passes', { ratio: format.number(judged.ratio) })}
          </p>
        ) : judged ? (
          <>
            <p className="flex items-center gap-1.5 text-danger text-meta">
              <TriangleAlert aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
              {refused
                ? t('branding.refused', { ratio: format.number(judged.ratio) })
                : t('branding.poor', { ratio: format.number(judged.ratio) })}
            </p>
            <Button size="compact" onClick={() => onChange(judged.nearest)}>
              <span
                aria-hidden
                className="size-3 rounded-full border border-line-strong"
                style={{ background: judged.nearest }}
              />
              {t('branding.use', { colour: isolate(judged.nearest) })}
            </Button>
          </>
        ) : null}
      </div>
    </div>
  )
}
