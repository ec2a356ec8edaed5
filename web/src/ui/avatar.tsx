import type { ReactNode } from 'react'
import { cn } from './cn'

type Props = { name: string | null; size?: 'small' | 'normal' | 'large'; badge?: ReactNode; className?: string }

/** Initials, because a face is not ours to have. Decorative: the name always stands beside it. */
export function Avatar({ name, size = 'normal', badge, className }: Props) {
  return (
    <span className={cn('relative inline-flex shrink-0', className)}>
      <span
        aria-hidden
        className={cn(
          'forced-border inline-flex select-none items-center justify-center rounded-full bg-accent-soft font-semibold text-accent',
          size === 'small' && 'size-8 text-meta',
          size === 'normal' && 'size-9 text-meta',
          size === 'large' && 'size-11 text-body',
        )}
      >
        {initials(name)}
      </span>
      {badge && <span className="-bottom-0.5 -end-0.5 absolute flex rounded-full ring-2 ring-surface">{badge}</span>}
    </span>
  )
}

/** Two letters of a name, `#` for a number or nothing. */
export function initials(name: string | null): string {
  const words = (name ?? '').trim().split(/\s+/).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '')
  const [first] = letters
  if (!first || !/\p{L}/u.test(first)) return '#'
  // Arabic letters would join into a word that is none.
  if (/\p{Script=Arabic}/u.test(first)) return first
  return letters.join('').toLocaleUpperCase()
}
