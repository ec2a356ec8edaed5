import { Link2, Link2Off } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { Chip } from '@/ui/chip'
import { ProblemReference } from '@/ui/error-panel'
import { Panel } from '@/ui/panel'
import { useProveChain } from './api/prove-chain'

/** Whether the log is what it was, as far as the server can show. */
export function ChainPanel() {
  const { t } = useTranslation()
  const format = useFormat()
  const prove = useProveChain()
  const problem = asProblem(prove.error)
  const { data: proof } = prove
  const words = () => {
    if (!proof) return t('audit.chain_lead')
    if (proof.broken) {
      return t(`audit.broken_at.${proof.broken.reason}`, { number: format.number(proof.broken.chain_no) })
    }
    const whole = t('audit.whole_words', {
      entries: format.number(proof.entries),
      time: format.clockWithSeconds(proof.checked_at),
    })
    return proof.waiting > 0 ? `${whole} ${t('audit.waiting', { waiting: format.number(proof.waiting) })}` : whole
  }
  return (
    <Panel
      title={t('audit.chain')}
      badge={
        proof &&
        (proof.state === 'whole' ? (
          <Chip look="ok" icon={Link2}>
            {t('audit.whole')}
          </Chip>
        ) : (
          <Chip look="danger" icon={Link2Off}>
            {t('audit.broken')}
          </Chip>
        ))
      }
      actions={
        <Button busy={prove.isPending} onClick={() => prove.mutate()}>
          {t('audit.check')}
        </Button>
      }
    >
      <p role="status" className="text-ink-2">
        {words()}
      </p>
      {problem && (
        <div role="alert" className="text-danger">
          {t('audit.check_failed')}
          <ProblemReference problem={problem} />
        </div>
      )}
    </Panel>
  )
}
