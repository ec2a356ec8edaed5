import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/api/session'
import { EmailPanel } from '@/features/access/email-panel'
import { ProfileForm } from '@/features/access/profile-form'
import { PageMain } from '@/ui/page-main'
import { Panel } from '@/ui/panel'

export const Route = createFileRoute('/account/profile')({ component: ProfilePage })

function ProfilePage() {
  const { t } = useTranslation()
  const { user } = useSuspenseQuery(meQuery).data
  return (
    <PageMain title={t('account.profile')}>
      <Panel title={t('account.about_you')} lead={t('account.profile_lead')}>
        <ProfileForm user={user} />
      </Panel>
      <EmailPanel user={user} />
    </PageMain>
  )
}
