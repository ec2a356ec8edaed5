import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Branding } from '@/api/types'
import { accent as ours, accentDark as oursDark } from '@/ui/accent'
import { LeaveGuard } from '@/ui/leave-guard'
import { Panel } from '@/ui/panel'
import { SaveBar } from '@/ui/save-bar'
import { saveKey } from '@/ui/save-key'
import { SwitchField } from '@/ui/switch-field'
import { FormProblem } from '../form-problem'
import { paletteQuery, useSetBranding } from './api/branding'
import { ColourField } from './colour-field'
import { PalettePreview } from './palette-preview'

const hex = /^#[0-9a-f]{6}$/i

type Props = { branding: Branding; version: string }

/** The workspace's colours: what the server says of them, and how they look, before they are saved. */
export function BrandingPanel({ branding, version }: Props) {
  const { t } = useTranslation()
  const set = useSetBranding()
  const saved = { accent: branding.accent ?? '', dark: branding.accent_dark ?? '' }
  const [changed, setChanged] = useState<typeof saved | null>(null)
  const { accent, dark } = changed ?? saved
  const dirty = accent !== saved.accent || dark !== saved.dark

  const asked = useDeferredValue({ accent: accent || ours, dark: accent ? dark : oursDark })
  const complete = hex.test(asked.accent) && (asked.dark === '' || hex.test(asked.dark))
  const palette = useQuery({ ...paletteQuery(asked.accent, asked.dark), enabled: complete })
  const problem = asProblem(set.error)
  const change = (next: Partial<typeof saved>) => {
    set.reset()
    setChanged({ accent, dark, ...next })
  }
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    set.mutate(
      { colours: { accent: accent || null, accent_dark: accent && dark ? dark : null }, version },
      { onSuccess: () => setChanged(null) },
    )
  }
  const refused = problem?.fields.map(({ field }) => field) ?? []
  return (
    <form onSubmit={handleSubmit} onKeyDown={saveKey} noValidate>
      <Panel title={t('branding.title')} lead={t('branding.lead')}>
        {problem && problem.fields.length === 0 && <FormProblem problem={problem} wait={0} />}
        <ColourField
          label={t('branding.accent')}
          value={accent}
          placeholder={ours}
          shade={complete && accent ? palette.data?.light : undefined}
          invalid={accent !== '' && !hex.test(accent)}
          refused={refused.includes('accent')}
          onChange={(value) => change({ accent: value })}
        />
        {accent !== '' && (
          <SwitchField
            label={t('branding.dark_derived')}
            hint={t('branding.dark_derived_hint')}
            checked={dark === ''}
            onChange={(event) => change({ dark: event.target.checked ? '' : (palette.data?.dark.accent ?? oursDark) })}
          />
        )}
        {accent !== '' && dark !== '' && (
          <ColourField
            label={t('branding.accent_dark')}
            value={dark}
            placeholder={oursDark}
            shade={complete ? palette.data?.dark : undefined}
            invalid={!hex.test(dark)}
            refused={refused.includes('accent_dark')}
            onChange={(value) => change({ dark: value })}
          />
        )}
        {palette.data && <PalettePreview palette={palette.data} />}
        {asProblem(palette.error) && <p className="text-compact text-ink-2">{t('branding.unjudged')}</p>}
        <p className="text-ink-3 text-meta">{t('branding.logo_later')}</p>
        <SaveBar dirty={dirty} busy={set.isPending} saved={set.isSuccess} onDiscard={() => setChanged(null)} />
      </Panel>
      <LeaveGuard dirty={dirty} />
    </form>
  )
}
