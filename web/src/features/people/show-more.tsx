import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'

type Props = {
  list: {
    hasNextPage: boolean
    isFetchNextPageError: boolean
    isFetchingNextPage: boolean
    fetchNextPage: () => unknown
  }
}

/** The way to the rest of a long list. */
export function ShowMore({ list }: Props) {
  const { t } = useTranslation()
  if (!list.hasNextPage) return null
  return (
    <div className="flex flex-col items-center gap-2 border-line border-t p-3">
      {list.isFetchNextPageError && (
        <p role="alert" className="text-compact text-danger">
          {t('people.more_failed')}
        </p>
      )}
      <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        {t('people.more')}
      </Button>
    </div>
  )
}
