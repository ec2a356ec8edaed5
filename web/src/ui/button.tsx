import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const button = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-control font-medium transition-colors duration-(--press) disabled:opacity-45 aria-busy:cursor-progress',
  {
    variants: {
      look: {
        primary: 'bg-accent text-on-accent forced-border enabled:hover:bg-accent/90',
        outline: 'border border-line-strong bg-surface text-ink enabled:hover:bg-raised',
        ghost: 'text-ink-2 enabled:hover:bg-raised enabled:hover:text-ink',
        danger: 'border border-danger bg-surface text-danger enabled:hover:bg-danger-soft',
      },
      size: {
        normal: 'h-8 px-3 text-body max-list:h-11 max-list:px-4',
        large: 'h-10 px-4 text-body max-list:h-11',
        // The target is taller than what is drawn.
        compact:
          'relative h-6.5 px-2 text-meta max-list:h-8 max-list:px-3 max-list:after:absolute max-list:after:-inset-1.5',
      },
    },
    defaultVariants: { look: 'outline', size: 'normal' },
  },
)

type Props = ComponentProps<'button'> & VariantProps<typeof button> & { busy?: boolean }

/** A button of the app. `busy` keeps its width and its words, and says that the work is under way. */
export function Button({ look, size, busy = false, className, type = 'button', disabled, ...rest }: Props) {
  return (
    <button
      type={type}
      className={cn(button({ look, size }), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    />
  )
}
