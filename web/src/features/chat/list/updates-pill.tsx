import { ArrowUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** What arrived while somebody was looking at the list waits here instead of moving the rows. */
export function UpdatesPill({ count, onShow }: { count: number; onShow: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
      <button
        type="button"
        onClick={onShow}
        className="forced-border pointer-events-auto inline-flex h-7 items-center gap-1 rounded-full bg-accent px-3 font-medium text-meta text-on-accent shadow-float max-list:h-11"
      >
        <ArrowUp aria-hidden className="size-3.5" strokeWidth={2} />
        {t('list.updates', { count })}
      </button>
    </div>
  )
}
