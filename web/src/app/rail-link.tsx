import { Link, type LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { Tooltip } from '@/ui/tooltip'

type Props = { link: LinkProps; label: string; icon: LucideIcon }

/** A destination of the rail, or of the bar that phones have at the bottom. */
export function RailLink({ link, label, icon: Icon }: Props) {
  return (
    <Tooltip label={label} side="after">
      <Link
        {...link}
        aria-label={label}
        activeProps={{ className: 'bg-surface text-accent shadow-edge bar-start max-list:before:hidden' }}
        inactiveProps={{ className: 'text-ink-2 hover:bg-raised' }}
        className="relative inline-flex size-10 items-center justify-center overflow-hidden rounded-input max-list:size-12"
      >
        <Icon aria-hidden className="size-5" strokeWidth={1.75} />
      </Link>
    </Tooltip>
  )
}
