import { Camera, type LucideIcon, Phone, Zap } from 'lucide-react'
import type { ChannelKind } from '@/api/types'
import { cn } from './cn'

/** Brand names are the same in every language. */
export const channelNames: Record<ChannelKind, string> = {
  whatsapp: 'WhatsApp',
  messenger: 'Messenger',
  instagram: 'Instagram',
}

const glyphs: Record<ChannelKind, LucideIcon> = { whatsapp: Phone, messenger: Zap, instagram: Camera }
const grounds: Record<ChannelKind, string> = {
  whatsapp: 'bg-whatsapp',
  messenger: 'bg-messenger',
  instagram: 'bg-instagram',
}

/** 16 px: colour, a shape of its own, and the name for those who see neither. */
export function ChannelBadge({ kind, className }: { kind: ChannelKind; className?: string }) {
  const Glyph = glyphs[kind]
  return (
    <span
      role="img"
      aria-label={channelNames[kind]}
      className={cn(
        'forced-border inline-flex size-4 items-center justify-center rounded-full text-on-channel',
        grounds[kind],
        className,
      )}
    >
      <Glyph aria-hidden className="size-2.5" strokeWidth={2.5} />
    </span>
  )
}
