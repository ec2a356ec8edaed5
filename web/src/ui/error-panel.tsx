import { Check, CloudOff, Copy, LockKeyhole, RotateCw, SearchX, TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import { Button } from './button'
import { EmptyState } from './empty-state'
import { useRefusalWords } from './refusal'

type Props = { problem: Problem; what: string; onRetry: () => void; retrying?: boolean; stillWorks?: string }

/**
 * A region that could not be read. No answer, no permission, nothing there and a failure are four different screens:
 * each says what a person can do next.
 */
export function ErrorPanel({ problem, what, onRetry, retrying = false, stillWorks }: Props) {
  const { t } = useTranslation()
  const refusal = useRefusalWords(problem)
  const limited = problem.status === 429 && refusal !== null
  const retry = (
    <Button onClick={onRetry} busy={retrying} disabled={limited}>
      <RotateCw aria-hidden className="size-4" strokeWidth={1.75} />
      {t('error.retry')}
    </Button>
  )
  if (problem.status === 0) {
    return (
      <Alert>
        <EmptyState icon={CloudOff} title={t('error.offline_title')} action={retry}>
          {t('error.offline_body')}
        </EmptyState>
      </Alert>
    )
  }
  if (problem.status === 403 && problem.code !== 'ip_denied') {
    return (
      <Alert>
        <EmptyState icon={LockKeyhole} title={t('error.no_permission_title')}>
          {problem.permission
            ? t('error.no_permission_named', { permission: problem.permission })
            : t('error.no_permission_body')}
        </EmptyState>
      </Alert>
    )
  }
  if (problem.status === 404) {
    return (
      <Alert>
        <EmptyState icon={SearchX} title={t('error.not_found_title')}>
          {t('error.not_found_body')}
        </EmptyState>
      </Alert>
    )
  }
  return (
    <Alert>
      <EmptyState icon={TriangleAlert} title={what} action={retry}>
        <p>{problem.status === 429 || problem.code === 'ip_denied' ? refusal : problem.message}</p>
        {stillWorks && <p className="mt-1">{stillWorks}</p>}
        <ProblemReference problem={problem} />
      </EmptyState>
    </Alert>
  )
}

function Alert({ children }: { children: ReactNode }) {
  return <div role="alert">{children}</div>
}

/** Code and request id, to copy into a report. */
export function ProblemReference({ problem }: { problem: Problem }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const reference = problem.requestId ? `${problem.code} · ${problem.requestId}` : problem.code
  const handleCopy = async () => {
    await navigator.clipboard.writeText(reference)
    setCopied(true)
  }
  return (
    <p className="mt-2 flex items-center justify-center gap-1 text-ink-3 text-meta">
      <bdi dir="ltr" className="font-mono">
        {reference}
      </bdi>
      {navigator.clipboard && (
        <button
          type="button"
          onClick={handleCopy}
          aria-label={copied ? t('error.copied') : t('error.copy_reference')}
          className="inline-flex size-6 items-center justify-center rounded-control hover:bg-raised max-list:size-11"
        >
          {copied ? (
            <Check aria-hidden className="size-3.5" strokeWidth={1.75} />
          ) : (
            <Copy aria-hidden className="size-3.5" strokeWidth={1.75} />
          )}
        </button>
      )}
    </p>
  )
}
