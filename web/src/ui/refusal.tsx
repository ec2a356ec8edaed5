import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { long } from './use-countdown'
import { useWait } from './use-wait'

const known = [
  'already_exists',
  'expired',
  'idempotency_in_progress',
  'idempotency_mismatch',
  'in_use',
  'invalid_transition',
  'ip_denied',
  'not_found',
  'permission_denied',
  'step_up_required',
  'tenant_suspended',
  'validation_failed',
  'version_conflict',
] as const

/** Closer words for some codes, where a page has them. */
export type OwnWords = { [code: string]: string | undefined }

/** Why the server did not do something, and what to do now. */
export function useRefusalWords(problem: Problem | null, own: OwnWords = {}): string | null {
  const { t } = useTranslation()
  const format = useFormat()
  const wait = useWait(problem)
  if (!problem) return null
  if (problem.status === 429) {
    // The wait is over: nothing stands in the way any more.
    if (problem.retryAfter !== null && wait === 0) return null
    return wait < long
      ? t('refusal.rate_limited', { count: wait })
      : t('refusal.rate_limited_long', { time: format.left(wait * 1_000) })
  }
  if (problem.status === 0) return t('error.offline_body')
  if (problem.status >= 500) return t('refusal.server_failed')
  const code = known.find((item) => item === problem.code)
  return own[problem.code] ?? (code ? t(`refusal.${code}`) : problem.message)
}

/** The same as a notice; `own` are the words where a code means something closer. */
export function Refusal({ problem, own = {} }: { problem: Problem | null; own?: OwnWords }) {
  const words = useRefusalWords(problem, own)
  if (!words) return null
  return <RefusalNotice words={words} />
}

/** What was refused, said already in words. */
export function RefusalNotice({ words }: { words: string }) {
  return (
    <div
      role="alert"
      className="flex items-start gap-2 rounded-control bg-danger-soft px-3 py-2 text-compact text-danger"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
      <p>{words}</p>
    </div>
  )
}
