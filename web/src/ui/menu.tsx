import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export const Menu = DropdownMenu.Root
export const MenuTrigger = DropdownMenu.Trigger
export const MenuRadioGroup = DropdownMenu.RadioGroup

const item =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-control px-2 py-1 text-body outline-none data-highlighted:bg-accent-soft data-disabled:opacity-45 max-list:min-h-11'

export function MenuContent({ className, ...rest }: ComponentProps<typeof DropdownMenu.Content>) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        sideOffset={6}
        collisionPadding={8}
        className={cn(
          'forced-border z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-56 overflow-y-auto rounded-panel bg-surface p-1 text-ink shadow-float',
          className,
        )}
        {...rest}
      />
    </DropdownMenu.Portal>
  )
}

export function MenuItem({ className, ...rest }: ComponentProps<typeof DropdownMenu.Item>) {
  return <DropdownMenu.Item className={cn(item, className)} {...rest} />
}

export function MenuRadioItem({ children, className, ...rest }: ComponentProps<typeof DropdownMenu.RadioItem>) {
  return (
    <DropdownMenu.RadioItem className={cn(item, className)} {...rest}>
      <span className="inline-flex size-4 shrink-0">
        <DropdownMenu.ItemIndicator>
          <Check aria-hidden className="size-4 text-accent" strokeWidth={2} />
        </DropdownMenu.ItemIndicator>
      </span>
      {children}
    </DropdownMenu.RadioItem>
  )
}

/** One of several that may be chosen together: the menu stays open. */
export function MenuCheckboxItem({ children, className, ...rest }: ComponentProps<typeof DropdownMenu.CheckboxItem>) {
  return (
    <DropdownMenu.CheckboxItem className={cn(item, className)} onSelect={(event) => event.preventDefault()} {...rest}>
      <span className="inline-flex size-4 shrink-0">
        <DropdownMenu.ItemIndicator>
          <Check aria-hidden className="size-4 text-accent" strokeWidth={2} />
        </DropdownMenu.ItemIndicator>
      </span>
      {children}
    </DropdownMenu.CheckboxItem>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 pt-2 pb-1 text-ink-3 text-meta">{children}</DropdownMenu.Label>
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />
}
