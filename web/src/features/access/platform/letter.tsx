import { useTranslation } from 'react-i18next'
import type { KeptMessage } from '@/api/types'
import { useFormat } from '@/i18n/format'

const links = /(https?:\/\/\S+)/

/** A letter that was kept: its text, and its links to pass on. */
export function Letter({ letter, open }: { letter: KeptMessage; open: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <details open={open} className="rounded-panel border border-line bg-surface">
      <summary className="flex flex-wrap items-baseline gap-x-3 gap-y-1 rounded-panel px-5 py-3 hover:bg-raised">
        <span dir="auto" className="font-medium">
          {letter.subject}
        </span>
        <span className="text-compact text-ink-2">
          {t('platform.letter_to')} <bdi dir="ltr">{letter.to}</bdi>
        </span>
        <time dateTime={letter.created_at} className="ms-auto text-ink-3 text-meta">
          {format.full(letter.created_at)}
        </time>
      </summary>
      <p dir="auto" className="message-text border-line border-t px-5 py-4">
        {letter.text.split(links).map((part, index) =>
          links.test(part) ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the text of a letter never changes
            <a key={index} href={part} dir="ltr" className="text-accent underline underline-offset-2">
              {part}
            </a>
          ) : (
            part
          ),
        )}
      </p>
    </details>
  )
}
