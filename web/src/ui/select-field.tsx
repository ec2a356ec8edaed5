import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from './cn'

type Props = ComponentProps<'select'> & { label: string; hint?: string; children: ReactNode }

/** One of many, by the browser's own list: it is searched by typing and fits every phone. */
export function SelectField({ label, hint, className, children, ...rest }: Props) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium text-compact">
        {label}
      </label>
      <select
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={cn(
          'h-10 min-w-0 rounded-input border border-line-strong bg-surface px-2 text-ink max-list:h-11 max-list:text-panel',
          className,
        )}
        {...rest}
      >
        {children}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="text-ink-3 text-meta">
          {hint}
        </p>
      )}
    </div>
  )
}
