import { useId } from 'react'

type Props = {
  label: string
  title?: string
  /** Why it cannot be changed here. */
  refused?: string | undefined
  checked: boolean
  onChange: (checked: boolean) => void
}

/** One right of a role. */
export function TickField({ label, title, refused, checked, onChange }: Props) {
  const id = useId()
  return (
    <div className="flex items-start gap-3 py-1.5" title={title}>
      <input
        id={id}
        type="checkbox"
        disabled={refused !== undefined}
        aria-describedby={refused ? `${id}-why` : undefined}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent disabled:opacity-45 max-list:size-6"
      />
      <div>
        <label htmlFor={id} className={refused ? 'text-ink-2' : 'cursor-pointer'}>
          {label}
        </label>
        {refused && (
          <p id={`${id}-why`} className="text-ink-3 text-meta">
            {refused}
          </p>
        )}
      </div>
    </div>
  )
}
