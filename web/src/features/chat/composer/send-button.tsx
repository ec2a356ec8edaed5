import { ChevronDown, SendHorizontal } from 'lucide-react'
import { type ComponentProps, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Deferred } from '@/ui/deferred'
import { Kbd, keyName } from '@/ui/kbd'
import type { SendKey } from './composer.model'

const load = () => import('./send-options-opened')
const Opened = lazy(load)

type Props = {
  ready: boolean
  /** There is no connection: the message waits in this browser. */
  queues: boolean
  sendKey: SendKey
  onSendKey: (key: SendKey) => void
}

export const modEnter = `${keyName('Mod')} ${keyName('Enter')}`

export function SendButton({ ready, queues, sendKey, onSendKey }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex">
      <Button type="submit" look="primary" disabled={!ready} className="rounded-e-none">
        <SendHorizontal aria-hidden className="mirror size-4" strokeWidth={1.75} />
        {queues ? t('composer.queue') : t('composer.send')}
        <Kbd className="border-on-accent/40 bg-transparent text-on-accent">
          {sendKey === 'enter' ? keyName('Enter') : modEnter}
        </Kbd>
      </Button>
      <Deferred preload={load} trigger={(props) => <OptionsButton {...props} />}>
        <Opened sendKey={sendKey} onSendKey={onSendKey} />
      </Deferred>
    </div>
  )
}

export function OptionsButton(props: ComponentProps<'button'>) {
  const { t } = useTranslation()
  return (
    <Button
      look="primary"
      aria-haspopup="menu"
      aria-label={t('composer.send_options')}
      className="rounded-s-none border-on-accent/30 border-s px-1.5 max-list:px-3.5"
      {...props}
    >
      <ChevronDown aria-hidden className="size-4" strokeWidth={1.75} />
    </Button>
  )
}
