import { Link, type LinkProps, useLocation } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import { cn } from '@/ui/cn'

export type Section = { link: LinkProps; label: string; icon: LucideIcon; group?: string }

/** The pages of one area: beside the content, on narrow screens above it. */
export function SectionNav({ label, sections }: { label: string; sections: Section[] }) {
  const nav = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // On a narrow screen the line is longer than the screen: the page that is open is in the middle of what is seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address makes another section the current one
  useLayoutEffect(() => {
    const line = nav.current?.getBoundingClientRect()
    const current = nav.current?.querySelector('[aria-current=page]')?.getBoundingClientRect()
    if (!nav.current || !line || !current) return
    nav.current.scrollLeft += current.left + current.width / 2 - (line.left + line.width / 2)
  }, [pathname])
  return (
    <nav
      ref={nav}
      aria-label={label}
      data-pane
      tabIndex={-1}
      className="flex w-56 shrink-0 flex-col gap-1 border-line border-e bg-surface p-3 outline-none max-desk:w-full max-desk:flex-row max-desk:items-center max-desk:overflow-x-auto max-desk:border-e-0 max-desk:border-b max-desk:p-2"
    >
      <p className="px-2 pt-1 pb-2 font-semibold text-panel max-desk:hidden">{label}</p>
      {sections.map(({ link, label: name, icon: Icon, group }, index) => (
        <Link
          key={name}
          {...link}
          className={cn(
            group !== sections[index - 1]?.group && index > 0 && 'mt-4 max-desk:ms-3 max-desk:mt-0',
            'relative flex h-9 shrink-0 items-center gap-2 overflow-hidden rounded-control px-2 max-list:h-11 max-list:px-3',
          )}
          activeProps={{ className: 'bg-accent-soft font-medium text-accent bar-start max-desk:before:hidden' }}
          inactiveProps={{ className: 'text-ink-2 hover:bg-raised' }}
        >
          <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
          {name}
        </Link>
      ))}
    </nav>
  )
}

export const besideSections = 'flex min-h-0 min-w-0 flex-1 max-desk:flex-col'
