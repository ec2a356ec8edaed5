import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'

/** Why a form of this area was not taken. The same words for an unknown e-mail and a wrong password. */
export function FormProblem({ problem, wait }: { problem: Problem; wait: number }) {
  const { t } = useTranslation()
  const known = ['invalid_credentials', 'signup_closed', 'already_exists', 'tenant_suspended', 'totp_required'] as const
  const code = known.find((item) => item === problem.code)
  const limited = problem.status === 429
  if (limited && wait === 0) return null
  return (
    <div
      role="alert"
      className="flex items-start gap-2 rounded-control bg-danger-soft px-3 py-2 text-compact text-danger"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
      <p>
        {limited
          ? t('auth.limited', { count: wait })
          : problem.status === 0
            ? t('error.offline_body')
            : code
              ? t(`auth.problem.${code}`)
              : problem.message}
      </p>
    </div>
  )
}
