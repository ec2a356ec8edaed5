import { useTranslation } from 'react-i18next'
import type { AuditEntry } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Button } from '@/ui/button'
import { differences } from './audit.model'

type Props = { entry: AuditEntry; onOnlyPerson: (actor: string) => void }

export function AuditDetail({ entry, onOnlyPerson }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const changes = differences(entry.before, entry.after)
  const { id: actorId } = entry.actor
  const facts = [
    [t('audit.address'), entry.ip],
    [t('audit.program'), entry.user_agent],
    [t('audit.object_id'), entry.object_id],
    [t('audit.request'), entry.request_id],
  ] as const
  return (
    <div className="flex flex-col gap-4 bg-raised px-4 py-4 ps-11">
      {changes.length === 0 ? (
        <p className="text-ink-2">{t('audit.no_change')}</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-compact">
            <thead>
              <tr className="border-line border-b text-ink-2">
                <th scope="col" className="py-1 pe-4 text-start font-medium">
                  {t('audit.field')}
                </th>
                <th scope="col" className="py-1 pe-4 text-start font-medium">
                  {t('audit.before')}
                </th>
                <th scope="col" className="py-1 text-start font-medium">
                  {t('audit.after')}
                </th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ field, before, after }) => (
                <tr key={field} className="border-line border-b">
                  <th scope="row" dir="ltr" className="py-1 pe-4 text-start font-mono font-normal">
                    {field}
                  </th>
                  <td className="break-words py-1 pe-4">{before === null ? '–' : <bdi>{before}</bdi>}</td>
                  <td className="break-words py-1 font-medium">{after === null ? '–' : <bdi>{after}</bdi>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 text-compact">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name} className="contents">
                <dt className="text-ink-2">{name}</dt>
                <dd className="break-all">
                  <bdi dir="ltr">{value}</bdi>
                </dd>
              </div>
            ),
        )}
        <dt className="text-ink-2">{t('audit.place')}</dt>
        <dd>{entry.chain_no === null ? t('audit.place_soon') : format.number(entry.chain_no)}</dd>
      </dl>
      {actorId && (
        <div>
          <Button onClick={() => onOnlyPerson(actorId)}>{t('audit.only_person')}</Button>
        </div>
      )}
    </div>
  )
}
