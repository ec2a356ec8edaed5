import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationFilter } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Channel } from '@/api/types'
import { findConversation } from '@/realtime/apply'
import { useWorkspace } from '@/realtime/workspace'
import { ErrorPanel } from '@/ui/error-panel'
import { conversationQuery } from './api/get-conversation'
import { Composer } from './composer/composer'
import { ContactPane } from './contact/contact-pane'
import { contactName } from './contact-name'
import { Thread } from './thread/thread'
import { ThreadHeader } from './thread/thread-header'
import { ThreadSkeleton } from './thread/thread-skeleton'

type Props = {
  id: string
  filter: ConversationFilter
  channels: Channel[]
  contactShown: boolean
  onToggleContact: () => void
}

/** One conversation: its thread, the way to answer, and the person. The route gives it a key per conversation. */
export function ConversationPane({ id, filter, channels, contactShown, onToggleContact }: Props) {
  const { t } = useTranslation()
  const { realtime } = useWorkspace()
  const queries = useQueryClient()
  const {
    data: conversation,
    error,
    isFetching,
    refetch,
  } = useQuery({
    ...conversationQuery(id),
    // The row that was clicked draws the header at once; it is read again all the same.
    initialData: () => findConversation(queries, id),
    initialDataUpdatedAt: 0,
  })
  useEffect(() => realtime.watch(id), [realtime, id])
  const [seen, setSeen] = useState<number | null>(null)
  const [looks, setLooks] = useState(0)

  const problem = asProblem(error)
  if (problem && (!conversation || problem.status === 404)) {
    return (
      <main data-pane tabIndex={-1} className="flex-1 overflow-y-auto">
        <ErrorPanel
          problem={problem}
          what={t('thread.failed_to_load')}
          onRetry={() => refetch()}
          retrying={isFetching}
        />
      </main>
    )
  }
  if (!conversation) {
    return (
      <main data-pane tabIndex={-1} className="flex min-w-0 flex-1 flex-col">
        <div className="h-14 border-line border-b bg-surface" />
        <ThreadSkeleton />
      </main>
    )
  }
  const channel = channels.find((item) => item.id === conversation.channel.id)
  return (
    <>
      <main
        data-pane
        tabIndex={-1}
        aria-label={t('thread.region', { name: contactName(conversation.contact) })}
        className="flex min-w-0 flex-1 flex-col outline-none"
      >
        <ThreadHeader
          conversation={conversation}
          filter={filter}
          contactShown={contactShown}
          onToggleContact={onToggleContact}
        />
        <Thread conversation={conversation} looks={looks} onSeen={setSeen} />
        <Composer
          conversation={conversation}
          channel={channel}
          seen={seen}
          onLook={() => setLooks((times) => times + 1)}
        />
      </main>
      {contactShown && <ContactPane conversation={conversation} channel={channel} onClose={onToggleContact} />}
    </>
  )
}
