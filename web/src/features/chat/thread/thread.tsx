import { useQuery } from '@tanstack/react-query'
import { MessageSquare } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import type { Conversation, Message } from '@/api/types'
import { useUnsent, useWorkspace } from '@/realtime/workspace'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { threadQuery } from '../api/list-messages'
import { requestComposerFocus } from '../composer/focus'
import { dividerOf, threadRows } from './rows.model'
import { ThreadRows } from './thread-rows'
import { ThreadSkeleton } from './thread-skeleton'
import { useSelfCheck } from './use-self-check'

type Props = {
  conversation: Conversation
  /** Grows when somebody wants to see the newest message. */
  looks: number
  onSeen: (seq: number) => void
}

/** The messages of one conversation. Needs a key per conversation: the divider belongs to one opening. */
export function Thread({ conversation, looks, onSeen }: Props) {
  const { t } = useTranslation()
  const { may } = useSession()
  const { drafts } = useWorkspace()
  const [unreadAtOpening] = useState(conversation.unread)
  const thread = useQuery(threadQuery(conversation.id, unreadAtOpening))
  const unsent = useUnsent(conversation.id)
  useSelfCheck(conversation, thread.data)

  // Found once, with the first page; what arrives later is not what was unread at the opening.
  const [divider, setDivider] = useState<ReturnType<typeof dividerOf> | undefined>()
  if (thread.data && divider === undefined) setDivider(dividerOf(thread.data.items, unreadAtOpening))

  const messages = thread.data?.items
  const rows = useMemo(() => threadRows(messages ?? [], unsent, divider ?? null), [messages, unsent, divider])

  const problem = asProblem(thread.error)
  if (thread.isPending) return <ThreadSkeleton />
  if (problem && !thread.data) {
    return (
      <div className="flex-1 overflow-y-auto">
        <ErrorPanel
          problem={problem}
          what={t('thread.failed_to_load')}
          stillWorks={t('thread.still_works')}
          onRetry={() => thread.refetch()}
          retrying={thread.isFetching}
        />
      </div>
    )
  }
  if (rows.length === 0) {
    return (
      <div className="flex-1">
        <EmptyState icon={MessageSquare} title={t('thread.empty')} />
      </div>
    )
  }
  const handleReply = ({ id, seq, kind, text, sender }: Message) => {
    drafts.change(conversation.id, { reply_to: { id, seq, kind, text, sender } })
    requestComposerFocus(conversation.id)
  }
  return (
    <ThreadRows
      conversation={conversation}
      rows={rows}
      hasBefore={thread.data?.hasBefore ?? false}
      mayReply={may('conversation.reply')}
      onReply={handleReply}
      looks={looks}
      onSeen={onSeen}
    />
  )
}
