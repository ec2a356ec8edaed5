import { TriangleAlert } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '@/ui/field'

type Props = Omit<ComponentProps<typeof Field>, 'label' | 'hint' | 'value'> & { fixed: boolean; value: string }

/** Where people reach the installation, with a warning when what they say could be overheard. */
export function BaseUrlField({ fixed, value, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-2">
      <Field
        label={t('platform.base_url')}
        type="url"
        inputMode="url"
        autoComplete="off"
        dir="ltr"
        maxLength={200}
        readOnly={fixed}
        className={fixed ? 'bg-raised text-ink-2' : ''}
        hint={fixed ? t('platform.fixed', { variable: 'BARAZA_BASE_URL' }) : t('platform.base_url_hint')}
        {...rest}
      />
      {value.startsWith('http:') && (
        <p
          role="status"
          className="flex items-start gap-2 rounded-control bg-warn-soft px-3 py-2 text-compact text-warn"
        >
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
          {t('platform.no_https')}
        </p>
      )}
    </div>
  )
}
