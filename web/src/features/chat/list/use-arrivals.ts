import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useWorkspace } from '@/realtime/workspace'
import { announce } from '@/ui/announcer'

/** Tells screen readers who wrote; the open conversation is read in place. */
export function useArrivals(openId: string | undefined): void {
  const { t } = useTranslation()
  const { realtime } = useWorkspace()
  useEffect(
    () =>
      realtime.onEvent((frame) => {
        if (frame.name !== 'message.created') return
        const { message } = frame.data
        if (message.direction !== 'in') return
        const name = message.sender.name ?? t('message.unnamed')
        announce(t(message.conversation_id === openId ? 'thread.arrived_here' : 'list.arrived', { name }))
      }),
    [realtime, openId, t],
  )
}
