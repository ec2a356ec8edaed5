import { createFileRoute, notFound } from '@tanstack/react-router'
import { isView, readListSearch } from '@/features/chat/filter'
import { NothingSelected } from '@/features/chat/nothing-selected'

export const Route = createFileRoute('/t/$slug/inbox/$view')({
  validateSearch: readListSearch,
  beforeLoad: ({ params }) => {
    if (!isView(params.view)) throw notFound()
  },
  component: NothingSelected,
})
