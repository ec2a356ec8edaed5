import { Skeleton } from '@/ui/skeleton'

/** Rows of people that are on their way. */
export function ListSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {[1, 2, 3, 4, 5].map((row) => (
        <div key={row} className="flex items-center gap-3 px-4 py-3">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex flex-1 flex-col gap-1.5">
            <Skeleton className="h-3.5 w-40" />
            <Skeleton className="h-3 w-56" />
          </div>
          <Skeleton className="h-3.5 w-20 max-desk:hidden" />
          <Skeleton className="h-3.5 w-28 max-desk:hidden" />
        </div>
      ))}
    </div>
  )
}
