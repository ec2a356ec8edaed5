import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditActor, AuditEntry } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { isAct } from './audit.model'
import { AuditDetail } from './audit-detail'

type Props = { entry: AuditEntry; onOnlyPerson: (actor: string) => void }

/** One act; opened, what it changed and where it came from. */
export function AuditRow({ entry, onOnlyPerson }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const actorName = useActorName()
  const [open, setOpen] = useState(false)
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="grid w-full grid-cols-[1rem_10rem_minmax(0,1fr)_minmax(0,1.4fr)_9rem] items-center gap-x-3 gap-y-0.5 px-4 py-2 text-start hover:bg-raised max-list:grid-cols-[1rem_minmax(0,1fr)] max-list:py-3"
      >
        <ChevronRight
          aria-hidden
          className={`mirror size-4 text-ink-3 ${open ? 'rotate-90 rtl:-rotate-90' : ''}`}
          strokeWidth={1.75}
        />
        <time dateTime={entry.at} className="text-compact text-ink-2 max-list:col-start-2 max-list:row-start-2">
          {format.full(entry.at)}
        </time>
        <span className="truncate max-list:col-start-2 max-list:row-start-3">
          <bdi>{actorName(entry.actor)}</bdi>
        </span>
        <span className="truncate font-medium max-list:col-start-2 max-list:row-start-1">
          {isAct(entry.action) ? t(`audit.action.${entry.action}`) : entry.action}
        </span>
        <span dir="ltr" className="truncate text-end text-compact text-ink-3 max-list:hidden">
          {entry.ip}
        </span>
      </button>
      {open && <AuditDetail entry={entry} onOnlyPerson={onOnlyPerson} />}
    </li>
  )
}

function useActorName() {
  const { t } = useTranslation()
  return (actor: AuditActor): string => {
    if (actor.name) return actor.name
    if (actor.kind === 'user') return t('audit.former')
    if (actor.kind === 'api_key') return t('audit.api_key')
    return actor.kind === 'platform' ? t('audit.operator') : t('audit.system')
  }
}
