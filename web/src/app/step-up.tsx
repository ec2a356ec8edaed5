import { useSuspenseQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { meQuery } from '@/api/session'
import { useStepUpAsked } from '@/api/step-up'

const StepUpDialog = lazy(() => import('@/features/access/step-up-dialog'))

/** Where the question of a dangerous act appears; once around all pages. */
export function StepUp() {
  const { user } = useSuspenseQuery(meQuery).data
  if (!useStepUpAsked()) return null
  return (
    <Suspense>
      <StepUpDialog email={user.email} withFactor={user.totp_enabled} />
    </Suspense>
  )
}
