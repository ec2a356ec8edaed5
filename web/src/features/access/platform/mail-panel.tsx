import { CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { PlatformSettings } from '@/api/types'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'
import { Chip } from '@/ui/chip'
import { Panel } from '@/ui/panel'
import { FormProblem } from '../form-problem'
import { useTestMail } from './api/test-mail'

type Props = { mail: PlatformSettings['mail']; toMailbox: ReactNode }

/** How letters leave, and a letter to oneself to see it. */
export function MailPanel({ mail, toMailbox }: Props) {
  const { t } = useTranslation()
  const test = useTestMail()
  const problem = asProblem(test.error)
  return (
    <Panel
      title={t('platform.mail')}
      lead={mail.server ? t('platform.mail_server', { from: isolate(mail.from) }) : t('platform.mail_kept')}
      badge={
        <Chip look={mail.server ? 'ok' : 'warn'}>{mail.server ? t('platform.mail_on') : t('platform.mail_off')}</Chip>
      }
      actions={
        <>
          {toMailbox}
          <Button busy={test.isPending} onClick={() => test.mutate()}>
            {t('platform.mail_test')}
          </Button>
        </>
      }
    >
      {problem?.provider ? (
        <div role="alert" className="rounded-control bg-danger-soft px-3 py-2 text-compact text-danger">
          <p>{t('platform.mail_refused')}</p>
          <p dir="ltr" className="mt-1 break-words font-mono text-meta">
            {problem.provider}
          </p>
        </div>
      ) : problem?.status === 429 ? (
        <p role="alert" className="text-compact text-danger">
          {t('platform.mail_enough')}
        </p>
      ) : (
        problem && <FormProblem problem={problem} wait={0} />
      )}
      {test.data && (
        <p role="status" className="flex items-start gap-2 text-compact">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" strokeWidth={1.75} />
          {test.data.kept
            ? t('platform.mail_test_kept', { email: isolate(test.data.to) })
            : t('platform.mail_test_sent', { email: isolate(test.data.to) })}
        </p>
      )}
    </Panel>
  )
}
