import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { permissionsQuery } from '@/api/list-permissions'
import { asProblem } from '@/api/problem'
import { Button } from '@/ui/button'
import { ErrorPanel } from '@/ui/error-panel'
import { usePermissionWords } from '@/ui/permission-words'
import { Skeleton } from '@/ui/skeleton'
import { type KeyKind, scopesFor } from './keys.model'

type Props = { kind: KeyKind; chosen: string[]; error: string | undefined; onChange: (chosen: string[]) => void }

/** What a key may do, out of what its maker may. */
export function ScopePicker({ kind, chosen, error, onChange }: Props) {
  const { t } = useTranslation()
  const words = usePermissionWords()
  const permissions = useQuery(permissionsQuery)
  const problem = asProblem(permissions.error)
  const offered = permissions.data && scopesFor(kind, permissions.data)
  const all = offered?.map(({ name }) => name) ?? []
  const complete = all.length > 0 && all.every((name) => chosen.includes(name))
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={error ? 'scopes-error' : undefined}>
      <legend className="mb-1 font-medium text-compact">{t('api_key.may')}</legend>
      {!offered && !problem && <Skeleton className="h-40" />}
      {!offered && problem && (
        <ErrorPanel
          problem={problem}
          what={t('api_key.scopes_failed')}
          onRetry={() => permissions.refetch()}
          retrying={permissions.isFetching}
        />
      )}
      {offered && (
        <>
          <div className="flex items-center justify-between gap-2 text-compact text-ink-2">
            <span>{t('api_key.chosen', { count: chosen.length })}</span>
            <Button look="ghost" size="compact" onClick={() => onChange(complete ? [] : all)}>
              {complete ? t('api_key.choose_none') : t('api_key.choose_all')}
            </Button>
          </div>
          <div className="scroll-quiet max-h-60 overflow-y-auto rounded-input border border-line">
            {offered.map(({ name, description }) => (
              <label
                key={name}
                className="flex items-start gap-3 px-3 py-1.5 hover:bg-raised has-checked:bg-accent-soft max-list:min-h-11"
              >
                <input
                  type="checkbox"
                  checked={chosen.includes(name)}
                  onChange={(event) =>
                    onChange(event.target.checked ? [...chosen, name] : chosen.filter((item) => item !== name))
                  }
                  className="mt-0.5 size-4 shrink-0 accent-accent"
                />
                <span className="min-w-0">
                  {words(name, description)}
                  <bdi dir="ltr" className="block font-mono text-ink-3 text-meta">
                    {name}
                  </bdi>
                </span>
              </label>
            ))}
          </div>
        </>
      )}
      {error && (
        <p id="scopes-error" className="text-danger text-meta">
          {error}
        </p>
      )}
    </fieldset>
  )
}
