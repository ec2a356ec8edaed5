import type { ReactNode } from 'react'
import { cn } from './cn'

const apple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** A key as the keyboard of this machine calls it. `Mod` is ⌘ on Apple's, Ctrl elsewhere. */
export function keyName(key: string): string {
  const names: Record<string, string> = {
    Mod: apple ? '⌘' : 'Ctrl',
    Shift: '⇧',
    Enter: '↵',
    Escape: 'Esc',
    ArrowUp: '↑',
    ArrowDown: '↓',
  }
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}

/** A keycap; hidden on phones, which have no keys. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      dir="ltr"
      className={cn(
        'hidden h-5 min-w-5 items-center justify-center rounded-chip border border-line-strong bg-raised px-1 font-sans text-ink-2 text-micro desk:inline-flex',
        className,
      )}
    >
      {children}
    </kbd>
  )
}
