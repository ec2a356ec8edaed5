import type en from '@/i18n/en.json'

/** The kinds of content this version can name. */
export type MessageKind = keyof (typeof en)['message']['kind']

const kinds: Record<MessageKind, true> = {
  audio: true,
  contacts: true,
  document: true,
  image: true,
  interactive: true,
  location: true,
  order: true,
  sticker: true,
  story: true,
  system: true,
  template: true,
  text: true,
  unsupported: true,
  video: true,
  voice: true,
}

/** A kind as the wire has it; one of a newer server is unsupported here, never missing. */
export function messageKind(kind: string): MessageKind {
  return kind in kinds ? (kind as MessageKind) : 'unsupported'
}
