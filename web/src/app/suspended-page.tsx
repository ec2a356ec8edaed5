import { useQuery } from '@tanstack/react-query'
import { CirclePause, DoorClosed } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { call, client } from '@/api/client'
import { sessionKeys } from '@/api/keys'
import { isolate } from '@/i18n/isolate'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { goToWorkspace } from './leave'
import { PageFrame } from './page-frame'

/** A workspace nobody can work in, or one that its reader is no longer a member of. */
export function SuspendedPage() {
  const { t } = useTranslation()
  // Both are refused alike; who the person is now tells them apart.
  const me = useQuery({
    queryKey: sessionKeys.refused,
    queryFn: ({ signal }) => call(client.GET('/api/auth/me', { signal })),
    staleTime: 0,
  }).data
  if (me && !me.tenant) {
    return (
      <PageFrame>
        <EmptyState
          icon={DoorClosed}
          titleAs="h1"
          title={t('shell.ended_title')}
          action={
            <div className="flex flex-wrap justify-center gap-2">
              {me.memberships
                .filter((membership) => membership.status === 'active')
                .map(({ tenant }) => (
                  <Button key={tenant.id} onClick={() => goToWorkspace(tenant.slug)}>
                    {t('shell.ended_elsewhere', { name: isolate(tenant.name) })}
                  </Button>
                ))}
            </div>
          }
        >
          {t('shell.ended_body')}
        </EmptyState>
      </PageFrame>
    )
  }
  return (
    <PageFrame>
      <EmptyState icon={CirclePause} titleAs="h1" title={t('shell.suspended_title')}>
        {t('shell.suspended_body')}
      </EmptyState>
    </PageFrame>
  )
}
