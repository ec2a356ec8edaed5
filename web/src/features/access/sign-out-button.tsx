import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { useSignOut } from './api/sign-out'

/** Signing out where there is no workspace around the page, and so nothing unsent. */
export function SignOutButton({ onSignedOut }: { onSignedOut: () => void }) {
  const { t } = useTranslation()
  const signOut = useSignOut()
  return (
    <Button look="ghost" busy={signOut.isPending} onClick={() => signOut.mutate(undefined, { onSuccess: onSignedOut })}>
      {t('shell.sign_out')}
    </Button>
  )
}
