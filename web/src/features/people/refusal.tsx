import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { usePermissionWords } from '@/ui/permission-words'

const known = [
  'already_exists',
  'expired',
  'in_use',
  'invalid_transition',
  'last_owner',
  'not_found',
  'plan_limit',
  'step_up_required',
  'tenant_suspended',
  'validation_failed',
  'version_conflict',
] as const

/** Why the server did not do something to people or roles, and what to do now. */
export function useRefusalWords(): (problem: Problem) => string {
  const { t } = useTranslation()
  const format = useFormat()
  const permissionWords = usePermissionWords()
  return (problem) => {
    if (problem.status === 0) return t('error.offline_body')
    if (problem.status === 429) {
      return t('people.problem.limited', { time: format.left((problem.retryAfter ?? 60) * 1_000) })
    }
    if (problem.status >= 500) return t('auth.server_failed')
    if (problem.code === 'permission_denied') {
      if (problem.permission === 'team.manage') return t('people.problem.not_your_team')
      if (!problem.permission) return t('people.problem.too_much')
      return t('people.problem.lacks', { words: permissionWords(problem.permission) })
    }
    const fields = problem.fields.map(({ field }) => field)
    if (fields.includes('reassign_to')) return t('people.problem.no_successor')
    if (fields.includes('role_id')) return t('people.problem.role_gone')
    if (problem.code === 'in_use') return t('people.problem.in_use', { count: problem.number('used') ?? 1 })
    const code = known.find((item) => item === problem.code)
    return code ? t(`people.problem.${code}`) : problem.message
  }
}

export function Refusal({ problem }: { problem: Problem | null }) {
  const words = useRefusalWords()
  if (!problem) return null
  return (
    <div
      role="alert"
      className="flex items-start gap-2 rounded-control bg-danger-soft px-3 py-2 text-compact text-danger"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
      <p>{words(problem)}</p>
    </div>
  )
}
