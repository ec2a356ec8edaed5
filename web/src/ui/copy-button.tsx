import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'

/** Copies a text, where the browser lets a page do that (not over plain http); the text stands beside it anyway. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  if (!navigator.clipboard) return null
  const handleCopy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  const Icon = copied ? Check : Copy
  return (
    <Button onClick={handleCopy}>
      <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      <span aria-live="polite">{copied ? t('error.copied') : label}</span>
    </Button>
  )
}
