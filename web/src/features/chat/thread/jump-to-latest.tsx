import { ArrowDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'

export function JumpToLatest({ count, onJump }: { count: number; onJump: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-end px-6 max-desk:px-4">
      <button
        type="button"
        onClick={onJump}
        className="forced-border pointer-events-auto inline-flex h-8 items-center gap-1.5 rounded-full bg-surface px-3 font-medium text-compact text-ink shadow-float hover:bg-raised max-list:h-11"
      >
        <ArrowDown aria-hidden className="size-4" strokeWidth={1.75} />
        {count > 0 ? t('thread.jump_to_latest_count', { count }) : t('thread.jump_to_latest')}
      </button>
    </div>
  )
}
