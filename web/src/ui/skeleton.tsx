import { cn } from './cn'

/** A still shape where content will be; nothing shimmers. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn('block rounded-chip bg-line/60', className)} />
}
