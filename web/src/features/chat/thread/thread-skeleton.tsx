import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn'
import { Skeleton } from '@/ui/skeleton'

const shapes = [
  { name: 'a', own: false, width: 'w-3/5' },
  { name: 'b', own: true, width: 'w-2/5' },
  { name: 'c', own: false, width: 'w-1/3' },
  { name: 'd', own: true, width: 'w-1/2' },
]

export function ThreadSkeleton() {
  const { t } = useTranslation()
  return (
    <div
      role="status"
      aria-label={t('thread.loading')}
      className="flex min-h-0 flex-1 flex-col justify-end gap-3 overflow-hidden px-6 pb-4 max-desk:px-4"
    >
      {shapes.map(({ name, own, width }) => (
        <Skeleton key={name} className={cn('h-14 max-w-140 rounded-bubble', width, own && 'self-end')} />
      ))}
    </div>
  )
}
