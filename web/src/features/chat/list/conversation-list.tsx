import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ConversationFilter } from '@/api/keys'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import type { Conversation } from '@/api/types'
import { useCommands } from '@/commands/commands'
import { useConnection } from '@/realtime/workspace'
import { ErrorPanel } from '@/ui/error-panel'
import { StaleStamp } from '@/ui/stale-stamp'
import { useNow } from '@/ui/use-now'
import { useConversationList } from '../api/list-conversations'
import { requestComposerFocus } from '../composer/focus'
import { conversationSearch } from '../filter'
import { FilteredEmpty, NothingOpen } from './empty-lists'
import { neighbour } from './list.model'
import { ListSkeleton } from './list-skeleton'
import { UpdatesPill } from './updates-pill'
import { useArrangement } from './use-arrangement'
import { useHold } from './use-hold'
import { VirtualRows } from './virtual-rows'

type Props = {
  filter: ConversationFilter
  /** The id of the open conversation. */
  selected: string | null
  /** Stands where an unfiltered list has no rows and there is something to do about it. */
  whenEmpty?: React.ReactNode
}

const nothing: Conversation[] = []
const staleAfter = 60_000

/** The list of one view. The route gives it a new `key` per filter. */
export function ConversationList({ filter, selected, whenEmpty }: Props) {
  const { t } = useTranslation()
  const { list, loadMore, hasMore, loadingMore, moreFailed } = useConversationList(filter)
  const { held, set: hold } = useHold()
  const { rows, waiting, release } = useArrangement(list.data?.items ?? nothing, { held, selected })
  const connection = useConnection()
  const now = useNow()
  useRowCommands(rows, selected, filter)

  if (list.isPending) return <ListSkeleton />
  const problem = asProblem(list.error)
  if (problem && !list.data) {
    return (
      <ErrorPanel
        problem={problem}
        what={t('list.failed_to_load')}
        onRetry={() => list.refetch()}
        retrying={list.isFetching}
      />
    )
  }
  const live = connection.phase === 'live' || connection.phase === 'idle'
  const stale = (!live && now - list.dataUpdatedAt > staleAfter) || list.isError
  const refresh = () => void list.refetch()

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches whether somebody looks at the rows
    <div
      className="relative flex min-h-0 flex-1 flex-col"
      onPointerEnter={(event) => hold('pointed', event.pointerType === 'mouse')}
      onPointerLeave={() => hold('pointed', false)}
      onFocus={(event) => hold('focused', event.target.matches(':focus-visible'))}
      onBlur={() => hold('focused', false)}
    >
      {stale && <StaleStamp readAt={list.dataUpdatedAt} onRefresh={refresh} busy={list.isFetching} />}
      {waiting > 0 && <UpdatesPill count={waiting} onShow={release} />}
      {rows.length === 0 ? (
        <Empty filter={filter} whenEmpty={whenEmpty} />
      ) : (
        <VirtualRows
          rows={rows}
          filter={filter}
          selected={selected}
          onScrolled={(away) => hold('scrolled', away)}
          onNearEnd={hasMore ? loadMore : undefined}
          loadingMore={loadingMore}
          moreFailed={moreFailed}
        />
      )}
    </div>
  )
}

function Empty({ filter, whenEmpty }: Pick<Props, 'filter' | 'whenEmpty'>) {
  if (filter.unread) return <FilteredEmpty view={filter.view} />
  return whenEmpty ?? <NothingOpen view={filter.view} />
}

/** J and K walk through the rows as they are shown, Enter and O go on to writing. */
function useRowCommands(rows: Conversation[], selected: string | null, filter: ConversationFilter) {
  const navigate = useNavigate()
  const { tenant } = useSession()
  const open = (row: Conversation | undefined) => {
    if (!row) return
    const params = { slug: tenant.slug, conversation: String(row.number) }
    void navigate({ to: '/t/$slug/inbox/c/$conversation', params, search: conversationSearch(filter) })
  }
  useCommands([
    { id: 'next_conversation', scope: 'inbox', keys: ['J'], run: () => open(neighbour(rows, selected, 1)) },
    { id: 'previous_conversation', scope: 'inbox', keys: ['K'], run: () => open(neighbour(rows, selected, -1)) },
    {
      id: 'open_conversation',
      scope: 'inbox',
      keys: ['Enter', 'O'],
      run: () => {
        const id = selected ?? rows[0]?.id
        if (id) requestComposerFocus(id)
        if (selected === null) open(rows[0])
      },
    },
  ])
}
