import { Link } from '@tanstack/react-router'
import { Keyboard, LogOut, Server, ShieldCheck, UserRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { useUpdateMe } from '@/api/update-me'
import { chooseLanguage } from '@/i18n/i18n'
import { isLanguage, languageNames, languages } from '@/i18n/language'
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '@/ui/menu'
import { chooseTheme, storedTheme, themes } from '@/ui/theme'
import { AccountButton } from './account-menu'
import { SignOutDialog } from './sign-out-dialog'
import { useInlineEnd } from './use-inline-end'
import { useLeaveSession } from './use-leave-session'

export default function AccountMenuOpened({ onShortcuts }: { onShortcuts: () => void }) {
  const { t, i18n } = useTranslation()
  const { user } = useSession()
  const side = useInlineEnd()
  const [theme, setTheme] = useState(storedTheme)
  const updateMe = useUpdateMe()
  const leave = useLeaveSession()
  const [asking, setAsking] = useState(false)

  const handleTheme = (value: string) => {
    const next = themes.find((item) => item === value) ?? 'system'
    setTheme(next)
    chooseTheme(next)
  }
  const handleLanguage = async (value: string) => {
    if (!isLanguage(value)) return
    await chooseLanguage(value)
    updateMe.mutate({ locale: value })
  }
  const handleSignOut = () => {
    if (leave.unsent > 0) setAsking(true)
    else void leave.signOut()
  }
  return (
    <>
      <Menu defaultOpen>
        <MenuTrigger asChild>
          <AccountButton />
        </MenuTrigger>
        <MenuContent side={side} align="end">
          <div className="px-2 pt-2 pb-1">
            <p className="truncate font-semibold">{user.name}</p>
            <p className="truncate text-ink-3 text-meta">
              <bdi dir="ltr">{user.email}</bdi>
            </p>
          </div>
          <MenuSeparator />
          <MenuLabel>{t('shell.theme')}</MenuLabel>
          <MenuRadioGroup value={theme} onValueChange={handleTheme}>
            {themes.map((item) => (
              <MenuRadioItem key={item} value={item}>
                {t(`shell.themes.${item}`)}
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
          <MenuLabel>{t('shell.language')}</MenuLabel>
          <MenuRadioGroup value={i18n.language} onValueChange={handleLanguage}>
            {languages.map((item) => (
              <MenuRadioItem key={item} value={item} lang={item}>
                {languageNames[item]}
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
          <MenuSeparator />
          <MenuItem asChild>
            <Link to="/account/profile">
              <UserRound aria-hidden className="size-4" strokeWidth={1.75} />
              {t('account.profile')}
            </Link>
          </MenuItem>
          <MenuItem asChild>
            <Link to="/account/security">
              <ShieldCheck aria-hidden className="size-4" strokeWidth={1.75} />
              {t('account.security')}
            </Link>
          </MenuItem>
          {user.platform_role && (
            <MenuItem asChild>
              <Link to="/platform/settings">
                <Server aria-hidden className="size-4" strokeWidth={1.75} />
                {t('platform.title')}
              </Link>
            </MenuItem>
          )}
          <MenuItem onSelect={onShortcuts}>
            <Keyboard aria-hidden className="size-4" strokeWidth={1.75} />
            {t('keys.title')}
          </MenuItem>
          <MenuItem onSelect={handleSignOut}>
            <LogOut aria-hidden className="mirror size-4" strokeWidth={1.75} />
            {t('shell.sign_out')}
          </MenuItem>
        </MenuContent>
      </Menu>
      <SignOutDialog
        open={asking}
        onOpenChange={setAsking}
        unsent={leave.unsent}
        busy={leave.leaving}
        onSignOut={leave.signOut}
      />
    </>
  )
}
