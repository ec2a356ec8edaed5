import { useQuery } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { configQuery, useSession } from '@/api/session'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { ProblemReference } from '@/ui/error-panel'
import { useCreateSimulatedChannel } from './api/create-simulated-channel'

/** A workspace without a channel has nothing to show; who may, makes one to try everything with. */
export function FirstChannel() {
  const { t } = useTranslation()
  const { may } = useSession()
  const create = useCreateSimulatedChannel()
  const simulator = useQuery(configQuery).data?.simulator_enabled ?? false
  const problem = asProblem(create.error)
  if (!may('channel.manage') || !simulator) {
    return (
      <EmptyState icon={FlaskConical} title={t('channels.none_title')}>
        {t('channels.ask_admin')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={FlaskConical}
      title={t('channels.none_title')}
      action={
        <Button look="primary" busy={create.isPending} onClick={() => create.mutate(t('channels.simulated_name'))}>
          {t('channels.create_simulated')}
        </Button>
      }
    >
      {t('channels.none_body')}
      {problem && (
        <div role="alert" className="mt-2 text-danger">
          {problem.message}
          <ProblemReference problem={problem} />
        </div>
      )}
    </EmptyState>
  )
}
