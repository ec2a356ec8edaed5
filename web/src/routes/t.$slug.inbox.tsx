import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Outlet, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ConversationFilter } from '@/api/keys'
import { useSession } from '@/api/session'
import { channelsQuery } from '@/features/channels/api/list-channels'
import { FirstChannel } from '@/features/channels/first-channel'
import { isView } from '@/features/chat/filter'
import { ConversationList } from '@/features/chat/list/conversation-list'
import { ListHeader } from '@/features/chat/list/list-header'
import { useArrivals } from '@/features/chat/list/use-arrivals'
import { useConversationId } from '@/features/chat/use-conversation-id'
import { NoPermission } from '@/ui/no-permission'
import { media, useMedia } from '@/ui/use-media'

export const Route = createFileRoute('/t/$slug/inbox')({ component: InboxLayout })

/** The list beside whatever is open; on a phone one of the two. */
function InboxLayout() {
  const { t } = useTranslation()
  const { may } = useSession()
  const { view, conversation } = useParams({ strict: false })
  const search = useSearch({ strict: false })
  const channels = useQuery({ ...channelsQuery, enabled: may('channel.view') })
  const { id } = useConversationId(conversation ?? null)
  useArrivals(id)
  const phone = useMedia(media.phone)

  if (!may('conversation.view')) return <NoPermission permission="conversation.view" />
  const wanted = view ?? search.view
  // Alone on a phone, the list is what the page is about.
  const List = phone && !conversation ? 'main' : 'section'
  const filter: ConversationFilter = { view: isView(wanted) ? wanted : 'all', unread: search.unread ?? false }
  return (
    <>
      <List
        aria-label={t('list.region')}
        data-pane
        tabIndex={-1}
        className={`flex w-85 shrink-0 flex-col border-line border-e bg-surface outline-none max-list:w-full max-list:border-e-0 ${conversation ? 'max-list:hidden' : ''}`}
      >
        <ListHeader filter={filter} titleAs={conversation ? 'h2' : 'h1'} />
        <ConversationList
          key={`${filter.view} ${filter.unread}`}
          filter={filter}
          selected={id ?? null}
          whenEmpty={channels.data?.items.length === 0 ? <FirstChannel /> : undefined}
        />
      </List>
      <Outlet />
    </>
  )
}
