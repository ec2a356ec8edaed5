import { cva, type VariantProps } from 'class-variance-authority'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const chip = cva('inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-chip px-1.5 text-meta', {
  variants: {
    look: {
      plain: 'text-ink-3',
      outline: 'border border-line bg-raised text-ink-2',
      warn: 'bg-warn-soft text-warn',
      danger: 'bg-danger-soft text-danger',
      ok: 'bg-ok-soft text-ok',
    },
  },
  defaultVariants: { look: 'outline' },
})

type Props = ComponentProps<'span'> & VariantProps<typeof chip> & { icon?: LucideIcon }

export function Chip({ look, icon: Icon, className, children, ...rest }: Props) {
  return (
    <span className={cn(chip({ look }), className)} {...rest}>
      {Icon && <Icon aria-hidden className="size-3.5" strokeWidth={1.75} />}
      {children}
    </span>
  )
}
