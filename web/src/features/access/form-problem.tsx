import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { RefusalNotice } from '@/ui/refusal'
import { long } from '@/ui/use-countdown'
import { useWait } from '@/ui/use-wait'

const known = [
  'already_exists',
  'expired',
  'invalid_credentials',
  'mfa_setup_required',
  'not_found',
  'password_change_required',
  'permission_denied',
  'signup_closed',
  'step_up_required',
  'tenant_suspended',
  'totp_invalid',
  'totp_required',
  'version_conflict',
] as const

// These mean the same everywhere.
const general = ['idempotency_in_progress', 'idempotency_mismatch', 'ip_denied'] as const

type Known = (typeof known)[number]

type Props = {
  problem: Problem
  /** Seconds the form waits for, where it counts more than the refusal's own. */
  wait: number
  /** The words of this form, where a code means something closer here. */
  own?: Partial<Record<Known, string>>
}

/** Why a form of this area was not taken, and what to do. The same words for an unknown e-mail and a wrong password. */
export function FormProblem({ problem, wait, own = {} }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const limited = problem.status === 429
  const left = Math.max(wait, useWait(problem))
  if (limited && left === 0) return null
  const words = () => {
    if (limited) {
      return left < long
        ? t('auth.limited', { count: left })
        : t('auth.limited_long', { time: format.left(left * 1_000) })
    }
    if (problem.status === 0) return t('error.offline_body')
    if (problem.status >= 500) return t('auth.server_failed')
    const shared = general.find((item) => item === problem.code)
    if (shared) return t(`refusal.${shared}`)
    const code = known.find((item) => item === problem.code)
    return code ? (own[code] ?? t(`auth.problem.${code}`)) : problem.message
  }
  return <RefusalNotice words={words()} />
}
