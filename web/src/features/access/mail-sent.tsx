import { MailCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** A letter is on its way: what to look for, and what to do when it does not come. */
export function MailSent({ words, children }: { words: string; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div role="status" className="flex flex-col gap-4">
      <div className="flex items-start gap-3">
        <span className="forced-border inline-flex size-10 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent">
          <MailCheck aria-hidden className="size-5" strokeWidth={1.75} />
        </span>
        <div>
          <p>{words}</p>
          <p className="mt-1 text-compact text-ink-2">{t('auth.mail_not_there')}</p>
        </div>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  )
}
