import { CloudOff, LoaderCircle, Wifi } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection, useOutbox, useWorkspace } from '@/realtime/workspace'
import { Button } from '@/ui/button'
import { pillState } from './connection-pill.model'

/** At the bottom centre, above whatever is being written: says when the page is not live, what still works, and when it is back. */
export function ConnectionPill() {
  const { t } = useTranslation()
  const { realtime, outbox } = useWorkspace()
  const connection = useConnection()
  const queued = useOutbox().length
  const now = useSeconds(connection.lostAt !== null || connection.returned !== null)
  const pill = pillState(connection, now)

  const handleRetry = () => {
    realtime.retryNow()
    outbox.retryNow()
  }
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-[calc(var(--composer,0px)+16px)] z-30 flex justify-center px-4 max-list:bottom-[calc(var(--composer,60px)+16px)]"
    >
      {pill.kind !== 'quiet' && (
        <div className="forced-border pointer-events-auto flex min-h-9 items-center gap-2 rounded-full bg-ink px-4 py-1 text-canvas text-compact shadow-float">
          {pill.kind === 'reconnecting' && (
            <>
              <LoaderCircle aria-hidden className="size-4 motion-safe:animate-spin" strokeWidth={1.75} />
              {t('connection.reconnecting')}
            </>
          )}
          {pill.kind === 'offline' && (
            <>
              <CloudOff aria-hidden className="size-4" strokeWidth={1.75} />
              {queued > 0 ? t('connection.offline_queued', { count: queued }) : t('connection.offline')}
              <Button
                look="ghost"
                size="compact"
                onClick={handleRetry}
                className="text-canvas underline underline-offset-2 enabled:hover:bg-transparent enabled:hover:text-canvas"
              >
                {t('connection.retry_now')}
              </Button>
            </>
          )}
          {pill.kind === 'back' && (
            <>
              <Wifi aria-hidden className="size-4" strokeWidth={1.75} />
              {pill.updates > 0 ? t('connection.back_updates', { count: pill.updates }) : t('connection.back')}
            </>
          )}
          {pill.kind === 'stopped' && (
            <>
              <CloudOff aria-hidden className="size-4" strokeWidth={1.75} />
              {t('connection.stopped')}
            </>
          )}
        </div>
      )}
    </div>
  )
}

/** A clock in half seconds, running only while the pill may change by itself. */
function useSeconds(running: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!running) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [running])
  return now
}
