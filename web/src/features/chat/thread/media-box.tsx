import { Clock3, FileText, Image, ImageOff, type LucideIcon, Mic, Smile, Video } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Media } from '@/api/types'
import type { MessageKind } from '../message-kind'

const icons: Partial<Record<MessageKind, LucideIcon>> = {
  image: Image,
  video: Video,
  audio: Mic,
  voice: Mic,
  document: FileText,
  sticker: Smile,
}

/** Reserved before the picture is there, so that nothing jumps when it arrives. */
const pictureHeight = 180

/** One attachment. What is not fetched yet, or never will be, keeps its place and says so. */
export function MediaBox({ media, kind }: { media: Media; kind: MessageKind }) {
  const { t } = useTranslation()
  const Icon = icons[kind] ?? FileText
  const name = media.name ?? t(`message.kind.${kind}`)
  if (media.state !== 'ready' || !media.url) {
    const Mark = media.state === 'pending' ? Clock3 : ImageOff
    return (
      <div
        className="flex w-60 max-w-full items-center justify-center gap-2 rounded-input border border-line-strong border-dashed bg-canvas px-3 text-compact text-ink-2"
        style={{ blockSize: kind === 'image' || kind === 'video' ? pictureHeight : 56 }}
      >
        <Mark aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
        {t(`media.${media.state === 'ready' ? 'failed' : media.state}`, { name })}
      </div>
    )
  }
  if (kind === 'image' || kind === 'sticker') {
    return (
      <a href={media.url} target="_blank" rel="noopener noreferrer" className="block w-60 max-w-full">
        <img
          src={media.url}
          alt={name}
          className="w-full rounded-input bg-canvas object-cover"
          style={{ blockSize: pictureHeight }}
        />
      </a>
    )
  }
  return (
    <a
      href={media.url}
      target="_blank"
      rel="noopener noreferrer"
      className="flex min-h-11 w-60 max-w-full items-center gap-2 rounded-input border border-line-strong bg-canvas px-3 text-compact hover:bg-raised"
    >
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      <bdi className="truncate">{name}</bdi>
    </a>
  )
}
