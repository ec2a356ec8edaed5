import { useQuery } from '@tanstack/react-query'
import { createFileRoute, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { useCommands } from '@/commands/commands'
import { channelsQuery } from '@/features/channels/api/list-channels'
import { ConversationPane } from '@/features/chat/conversation-pane'
import { listSearch, readConversationSearch } from '@/features/chat/filter'
import { ThreadSkeleton } from '@/features/chat/thread/thread-skeleton'
import { useConversationId } from '@/features/chat/use-conversation-id'
import { ErrorPanel } from '@/ui/error-panel'
import { media } from '@/ui/use-media'

export const Route = createFileRoute('/t/$slug/inbox/c/$conversation')({
  validateSearch: readConversationSearch,
  component: ConversationPage,
})

function ConversationPage() {
  const { t } = useTranslation()
  const { slug, conversation } = useParams({ from: '/t/$slug/inbox/c/$conversation' })
  const search = useSearch({ from: '/t/$slug/inbox/c/$conversation' })
  const filter = { view: search.view ?? 'all', unread: search.unread ?? false }
  const navigate = useNavigate()
  const { may } = useSession()
  const channels = useQuery({ ...channelsQuery, enabled: may('channel.view') }).data?.items ?? []
  const { id, problem, retry, retrying } = useConversationId(conversation)
  const [contactShown, setContactShown] = useState(() => window.matchMedia(media.wide).matches)
  const toggleContact = () => setContactShown(!contactShown)
  useCommands([
    {
      id: 'back',
      scope: 'conversation',
      keys: ['Escape'],
      run: () =>
        navigate({ to: '/t/$slug/inbox/$view', params: { slug, view: filter.view }, search: listSearch(filter) }),
    },
    { id: 'toggle_contact', scope: 'conversation', keys: [']'], run: toggleContact },
  ])
  if (problem) {
    return (
      <main className="flex-1">
        <ErrorPanel problem={problem} what={t('thread.failed_to_load')} onRetry={retry} retrying={retrying} />
      </main>
    )
  }
  if (!id) {
    return (
      <main className="flex flex-1 flex-col">
        <ThreadSkeleton />
      </main>
    )
  }
  return (
    <ConversationPane
      key={id}
      id={id}
      filter={filter}
      channels={channels}
      contactShown={contactShown}
      onToggleContact={toggleContact}
    />
  )
}
