import { MessageSquareText } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { Palette, Shade } from '@/api/types'

/** A corner of the screens as they will be, light and dark beside each other; of a colour that cannot be read, itself alone. */
export function PalettePreview({ palette }: { palette: Palette }) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('branding.preview')} className="grid gap-3 list:grid-cols-2">
      <Corner theme="light" shade={palette.light} />
      <Corner theme="dark" shade={palette.dark} />
    </section>
  )
}

function Corner({ theme, shade }: { theme: 'light' | 'dark'; shade: Shade }) {
  const { t } = useTranslation()
  const tokens = { '--accent': shade.accent, '--on-accent': shade.on_accent, '--accent-soft': shade.accent_soft }
  return (
    <figure
      data-theme={theme}
      style={tokens as CSSProperties}
      className="flex flex-col gap-3 rounded-panel border border-line bg-canvas p-3 text-ink"
    >
      <figcaption className="text-ink-2 text-meta">{t(`shell.themes.${theme}`)}</figcaption>
      {shade.passes ? (
        <div aria-hidden className="flex flex-col gap-3 rounded-input bg-surface p-3">
          <span className="relative flex h-9 items-center gap-2 overflow-hidden rounded-control bg-accent-soft px-3 font-medium text-accent bar-start">
            <MessageSquareText className="size-4" strokeWidth={1.75} />
            {t('branding.sample_chosen')}
          </span>
          <span className="flex items-center justify-between gap-3">
            <span className="text-accent underline underline-offset-2">{t('branding.sample_link')}</span>
            <span className="inline-flex h-8 items-center rounded-control bg-accent px-3 font-medium text-on-accent">
              {t('form.save')}
            </span>
          </span>
        </div>
      ) : (
        <span aria-hidden className="min-h-16 flex-1 rounded-input" style={{ background: shade.accent }} />
      )}
    </figure>
  )
}
