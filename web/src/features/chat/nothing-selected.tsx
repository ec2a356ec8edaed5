import { MessagesSquare } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/empty-state'

/** Beside the list while no conversation is open; phones show the list alone. */
export function NothingSelected() {
  const { t } = useTranslation()
  return (
    <main data-pane tabIndex={-1} className="flex flex-1 items-center justify-center outline-none max-list:hidden">
      <EmptyState icon={MessagesSquare} title={t('thread.nothing_selected')}>
        {t('thread.nothing_selected_body')}
      </EmptyState>
    </main>
  )
}
