import { useTranslation } from 'react-i18next'
import type { Reaction } from '@/api/types'

export function Reactions({ reactions }: { reactions: Reaction[] }) {
  const { t } = useTranslation()
  if (reactions.length === 0) return null
  const grouped = new Map<string, Reaction[]>()
  for (const reaction of reactions) {
    grouped.set(reaction.emoji, [...(grouped.get(reaction.emoji) ?? []), reaction])
  }
  return (
    <ul className="-mt-2 ms-3 flex gap-1" aria-label={t('message.reactions')}>
      {[...grouped].map(([emoji, given]) => {
        const names = given.map((reaction) => reaction.sender.name || t('message.unnamed')).join(', ')
        return (
          <li
            key={emoji}
            title={names}
            className="inline-flex h-6 items-center gap-1 rounded-full border border-line bg-surface px-1.5 text-compact"
          >
            {emoji}
            <span className="sr-only">{names}</span>
            {given.length > 1 && <span className="text-ink-2 text-meta">{given.length}</span>}
          </li>
        )
      })}
    </ul>
  )
}
