import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { isolate } from '@/i18n/isolate'
import { CopyButton } from '@/ui/copy-button'

/** The link of an invitation, which nobody can show again. */
export function LinkOnce({ email, url }: { email: string; url: string }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div role="status" className="flex flex-col gap-1">
      <label htmlFor={id} className="text-compact text-ink-2">
        {t('people.link_once', { email: isolate(email) })}
      </label>
      <div className="flex flex-wrap items-center gap-2">
        <input
          id={id}
          readOnly
          dir="ltr"
          value={url}
          onFocus={(event) => event.target.select()}
          className="h-8 min-w-0 flex-1 basis-60 rounded-input border border-line bg-raised px-2 font-mono text-meta max-list:h-11"
        />
        <CopyButton text={url} label={t('people.copy_link')} />
      </div>
    </div>
  )
}
