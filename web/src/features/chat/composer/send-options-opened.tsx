import { useTranslation } from 'react-i18next'
import { Menu, MenuContent, MenuLabel, MenuRadioGroup, MenuRadioItem, MenuTrigger } from '@/ui/menu'
import type { SendKey } from './composer.model'
import { modEnter, OptionsButton } from './send-button'

type Props = { sendKey: SendKey; onSendKey: (key: SendKey) => void }

export default function SendOptionsOpened({ sendKey, onSendKey }: Props) {
  const { t } = useTranslation()
  return (
    <Menu defaultOpen>
      <MenuTrigger asChild>
        <OptionsButton />
      </MenuTrigger>
      <MenuContent align="end" side="top">
        <MenuLabel>{t('composer.send_with')}</MenuLabel>
        <MenuRadioGroup value={sendKey} onValueChange={(key) => onSendKey(key === 'enter' ? 'enter' : 'mod_enter')}>
          <MenuRadioItem value="mod_enter">{t('composer.send_with_mod_enter', { keys: modEnter })}</MenuRadioItem>
          <MenuRadioItem value="enter">{t('composer.send_with_enter')}</MenuRadioItem>
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  )
}
