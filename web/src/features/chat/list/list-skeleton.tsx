import { useTranslation } from 'react-i18next'
import { Skeleton } from '@/ui/skeleton'

export function ListSkeleton() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('list.loading')} className="flex-1 overflow-hidden">
      {[60, 75, 45, 70, 55, 65, 50, 72].map((width) => (
        <div key={width} className="flex h-(--row-list) items-center gap-3 border-line border-b px-3">
          <Skeleton className="size-9 rounded-full" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-3 w-2/5" />
            <span style={{ inlineSize: `${width}%` }}>
              <Skeleton className="h-3" />
            </span>
          </div>
        </div>
      ))}
    </div>
  )
}
