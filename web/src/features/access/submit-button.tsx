import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { long } from '@/ui/use-countdown'

type Props = { busy: boolean; wait: number; children: ReactNode }

/** Sends a form of this area; while it is limited, says for how long. */
export function SubmitButton({ busy, wait, children }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Button type="submit" look="primary" size="large" busy={busy} disabled={wait > 0}>
      {wait === 0
        ? children
        : wait < long
          ? t('auth.wait', { count: wait })
          : t('auth.wait_long', { time: format.left(wait * 1_000) })}
    </Button>
  )
}
