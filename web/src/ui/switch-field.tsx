import { type ComponentProps, useId } from 'react'

type Props = Omit<ComponentProps<'input'>, 'type'> & { label: string; hint: string; error?: string | undefined }

/** Yes or no, with what it means. */
export function SwitchField({ label, hint, error, ...rest }: Props) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <input
        id={id}
        type="checkbox"
        aria-describedby={`${id}-hint`}
        aria-invalid={error ? true : undefined}
        className="mt-0.5 size-4 shrink-0 accent-accent max-list:size-6"
        {...rest}
      />
      <div>
        <label htmlFor={id} className="cursor-pointer font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className={error ? 'text-compact text-danger' : 'text-compact text-ink-2'}>
          {error ?? hint}
        </p>
      </div>
    </div>
  )
}
