import { useTranslation } from 'react-i18next'
import { CopyButton } from '@/ui/copy-button'

/** A command line, to be copied. */
export function CallExample({ text }: { text: string }) {
  const { t } = useTranslation()
  return (
    <figure className="flex flex-col gap-2">
      <figcaption className="text-compact text-ink-2">{t('api_key.try_it')}</figcaption>
      <pre
        dir="ltr"
        className="whitespace-pre-wrap break-all rounded-input border border-line bg-raised px-3 py-2 font-mono text-compact"
      >
        {text}
      </pre>
      <div>
        <CopyButton text={text} label={t('api_key.copy_call')} />
      </div>
    </figure>
  )
}
