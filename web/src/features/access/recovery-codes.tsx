import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { saveFile } from '@/ui/save-file'

type Props = { codes: string[]; email: string; onDone: () => void }

/** The codes for the day the phone is gone; nobody can show them again. */
export function RecoveryCodes({ codes, email, onDone }: Props) {
  const { t } = useTranslation()
  const lines = codes.join('\n')
  const handleDownload = () =>
    saveFile('baraza-recovery-codes.txt', new Blob([`Baraza · ${email}\n\n${lines}\n`], { type: 'text/plain' }))
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="text-ink-2">
        {t('factor.codes_lead')}
      </p>
      <ul
        dir="ltr"
        aria-label={t('factor.codes')}
        className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-input border border-line bg-raised px-4 py-3 font-mono"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={lines} label={t('factor.copy_codes')} />
        <Button onClick={handleDownload}>
          <Download aria-hidden className="size-4" strokeWidth={1.75} />
          {t('factor.download_codes')}
        </Button>
      </div>
      <Button look="primary" size="large" onClick={onDone}>
        {t('factor.kept')}
      </Button>
    </div>
  )
}
