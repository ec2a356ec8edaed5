import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField } from '@/ui/select-field'

type Props = Omit<ComponentProps<typeof SelectField>, 'label' | 'hint' | 'children'> & { fixed: boolean }

/** For many companies or for one; what the environment decides is only shown. */
export function ModeField({ fixed, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <SelectField
      label={t('platform.mode')}
      hint={fixed ? t('platform.fixed', { variable: 'BARAZA_MODE' }) : t('platform.mode_hint')}
      {...rest}
      aria-disabled={fixed || undefined}
      className={fixed ? 'pointer-events-none bg-raised' : ''}
      tabIndex={fixed ? -1 : undefined}
    >
      <option value="saas">{t('platform.mode_saas')}</option>
      <option value="whitelabel">{t('platform.mode_whitelabel')}</option>
    </SelectField>
  )
}
