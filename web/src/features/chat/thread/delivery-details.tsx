import { type ComponentProps, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '@/api/types'
import { Deferred } from '@/ui/deferred'
import { Tick } from './tick'
import type { TickState } from './tick.model'

const load = () => import('./delivery-opened')
const Opened = lazy(load)

/** The tick as a button: when each status was reached, and every attempt. */
export function DeliveryDetails({ message, state }: { message: Message; state: TickState }) {
  return (
    <Deferred preload={load} trigger={(props) => <TickButton state={state} {...props} />}>
      <Opened message={message} state={state} />
    </Deferred>
  )
}

export function TickButton({ state, ...rest }: ComponentProps<'button'> & { state: TickState }) {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-description={t('delivery.show')}
      className="relative inline-flex items-center rounded-chip after:absolute after:-inset-2 hover:bg-canvas/70"
      {...rest}
    >
      <Tick state={state} />
    </button>
  )
}
