import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { Tooltip } from './tooltip'

type Props = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  icon: LucideIcon
  label: string
  keys?: string
  mirrored?: boolean
  tooltipAlign?: 'center' | 'end'
}

export function IconButton({
  icon: Icon,
  label,
  keys,
  mirrored = false,
  tooltipAlign = 'center',
  className,
  ...rest
}: Props) {
  return (
    <Tooltip label={label} keys={keys} align={tooltipAlign}>
      <button
        type="button"
        aria-label={label}
        className={cn(
          'inline-flex size-8 shrink-0 items-center justify-center rounded-control text-ink-2 transition-colors duration-(--press) enabled:hover:bg-raised enabled:hover:text-ink disabled:opacity-45 max-list:size-11',
          className,
        )}
        {...rest}
      >
        <Icon aria-hidden className={cn('size-5', mirrored && 'mirror')} strokeWidth={1.75} />
      </button>
    </Tooltip>
  )
}
