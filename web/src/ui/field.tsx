import { type ComponentProps, useId } from 'react'
import { cn } from './cn'

type Props = ComponentProps<'input'> & { label: string; hint?: string; error?: string | undefined }

/** One labelled input; the error is announced and names what to change. */
export function Field({ label, hint, error, className, ...rest }: Props) {
  const id = useId()
  const about = [hint && !error ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(' ')
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-compact">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={about || undefined}
        className={cn(
          'h-10 rounded-input border border-line-strong bg-surface px-3 text-ink placeholder:text-ink-3 aria-invalid:border-danger max-list:h-11 max-list:text-panel',
          className,
        )}
        {...rest}
      />
      {hint && !error && (
        <p id={`${id}-hint`} className="text-ink-3 text-meta">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-danger text-meta">
          {error}
        </p>
      )}
    </div>
  )
}
