import { useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '@/api/clock'
import { messageKeys } from '@/api/keys'
import { useSession } from '@/api/session'
import type { Channel, Conversation } from '@/api/types'
import { useCommands } from '@/commands/commands'
import { isolate } from '@/i18n/isolate'
import { useConnection, useDrafts, useWorkspace } from '@/realtime/workspace'
import { channelNames } from '@/ui/channel-badge'
import { useNow } from '@/ui/use-now'
import { contactName } from '../contact-name'
import { WindowChip } from '../window-chip'
import { blockOf, remaining, sends } from './composer.model'
import { BlockNotice, ChannelNotice, RefusalNotice } from './composer-notices'
import { takeRequestedFocus } from './focus'
import { NewerNotice } from './newer-notice'
import { ReplyingTo } from './replying-to'
import { SendButton } from './send-button'
import { usePublishedHeight } from './use-published-height'
import { useSendKey } from './use-send-key'
import { useUnseen } from './use-unseen'

type Props = {
  conversation: Conversation
  channel: Channel | undefined
  /** The newest message the thread has shown; null while nothing has been. */
  seen: number | null
  /** Shows the newest message. */
  onLook: () => void
}

/** Writes to the contact. The text lives in the drafts, so that nothing here can lose it. Needs a key per conversation. */
export function Composer({ conversation, channel, seen, onLook }: Props) {
  const { t } = useTranslation()
  const { may } = useSession()
  const { drafts, outbox } = useWorkspace()
  const queries = useQueryClient()
  const draft = useDrafts().get(conversation.id)
  const connection = useConnection()
  const [sendKey, chooseSendKey] = useSendKey()
  const input = useRef<HTMLTextAreaElement>(null)
  const form = useRef<HTMLFormElement>(null)
  usePublishedHeight(form)
  useNow() // the window closes while nobody touches anything

  const text = draft?.text ?? ''
  const block = blockOf({ conversation, channel, mayReply: may('conversation.reply'), now: serverNow() })
  const left = remaining(text.length, channel?.capabilities.max_text)
  const refusedAsOld = draft?.refused?.code === 'newer_messages'
  const unseen = useUnseen(conversation.id, (refusedAsOld && draft?.refused?.seen) || seen)
  const outpaced = text.trim() !== '' && (refusedAsOld || unseen.length > 0)
  const ready = text.trim() !== '' && block === null && (left === null || left >= 0)

  useEffect(() => {
    if (input.current) takeRequestedFocus(input.current)
  }, [])
  useCommands([
    { id: 'reply', scope: 'conversation', keys: ['R'], run: () => input.current?.focus() },
    { id: 'send', scope: 'composer', keys: sendKey === 'enter' ? ['Enter', 'Mod+Enter'] : ['Mod+Enter'] },
    { id: 'new_line', scope: 'composer', keys: [sendKey === 'enter' ? 'Shift+Enter' : 'Enter'] },
  ])

  const send = (ifLastSeq: number | null) => {
    if (!ready) return
    void outbox.add(conversation.id, text.trim(), draft?.reply_to ?? null, ifLastSeq)
    drafts.clear(conversation.id)
    input.current?.focus()
  }
  const handleLook = () => {
    if (refusedAsOld) {
      drafts.change(conversation.id, { refused: null })
      // The answer may be ahead of the socket.
      void queries.invalidateQueries({ queryKey: messageKeys.thread(conversation.id) })
    }
    onLook()
    input.current?.focus()
  }
  const handleSend = () => (outpaced ? handleLook() : send(seen))
  const handleKeyDown = (event: KeyboardEvent) => {
    const press = {
      key: event.key,
      shift: event.shiftKey,
      mod: event.metaKey || event.ctrlKey,
      composing: event.nativeEvent.isComposing,
    }
    if (sends(press, sendKey)) {
      event.preventDefault()
      handleSend()
    } else if (event.key === 'Escape') {
      event.stopPropagation() // the first Escape leaves the text, the next one the conversation
      input.current?.blur()
    }
  }

  const label = t('composer.label', {
    channel: channelNames[conversation.channel.kind],
    address: isolate(addressOf(conversation)),
  })
  return (
    <form
      ref={form}
      className="flex flex-col gap-2 border-line border-t bg-surface px-4 pt-2 pb-[max(12px,env(safe-area-inset-bottom))]"
      aria-label={t('composer.region')}
      onSubmit={(event) => {
        event.preventDefault()
        handleSend()
      }}
    >
      <ChannelNotice channel={channel} />
      {draft?.refused && !refusedAsOld && (
        <RefusalNotice refused={draft.refused} onDismiss={() => drafts.change(conversation.id, { refused: null })} />
      )}
      <div className="flex min-h-7 items-center justify-between gap-2">
        <label htmlFor="composer" className="min-w-0 truncate font-medium text-compact text-ink-2">
          {label}
        </label>
        <WindowChip expiresAt={conversation.window_expires_at} verbose />
      </div>
      {draft?.reply_to && (
        <ReplyingTo message={draft.reply_to} onCancel={() => drafts.change(conversation.id, { reply_to: null })} />
      )}
      {block && <BlockNotice block={block} />}
      {outpaced && <NewerNotice unseen={unseen} onLook={handleLook} onSendAnyway={() => send(null)} />}
      <div className="flex items-end gap-2">
        <textarea
          ref={input}
          id="composer"
          data-conversation={conversation.id}
          dir="auto"
          rows={2}
          value={text}
          disabled={block !== null && text === ''}
          placeholder={t('composer.placeholder')}
          aria-describedby={block ? 'composer-block' : undefined}
          onChange={({ target: { value } }) =>
            drafts.change(conversation.id, value === '' ? { text: '', refused: null } : { text: value })
          }
          onKeyDown={handleKeyDown}
          className="field-sizing-content scroll-quiet max-h-35 min-h-16 flex-1 resize-none rounded-input border border-line-strong bg-surface px-3 py-2 placeholder:text-ink-3 disabled:bg-raised max-list:min-h-11 max-list:text-panel"
        />
        <SendButton
          ready={ready && !outpaced}
          queues={connection.phase !== 'live' && connection.lostAt !== null}
          sendKey={sendKey}
          onSendKey={chooseSendKey}
        />
      </div>
      {left !== null && (
        <p role="status" className={left < 0 ? 'text-danger text-meta' : 'text-ink-3 text-meta'}>
          {left < 0 ? t('composer.too_long', { count: -left }) : t('composer.left', { count: left })}
        </p>
      )}
    </form>
  )
}

/** Where the answer goes, as people know it: a number on WhatsApp, elsewhere a name. */
function addressOf({ channel, contact }: Conversation): string {
  return channel.kind === 'whatsapp' ? contact.identity.value : contactName(contact)
}
