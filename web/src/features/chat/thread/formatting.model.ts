// The formatting people type on WhatsApp, as a tree of plain nodes. Messages become text nodes, never HTML.

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'code'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }

const marks: Record<string, 'bold' | 'italic' | 'strike'> = { '*': 'bold', _: 'italic', '~': 'strike' }
const wordCharacter = /[\p{L}\p{N}]/u

export function parseFormatting(text: string): Inline[] {
  const nodes: Inline[] = []
  let plain = ''
  let at = 0
  const settle = () => {
    if (plain) nodes.push(...links(plain))
    plain = ''
  }
  while (at < text.length) {
    const found = codeAt(text, at) ?? markedAt(text, at)
    if (found) {
      settle()
      nodes.push(found.node)
      at = found.end
    } else {
      plain += text[at]
      at += 1
    }
  }
  settle()
  return nodes
}

type Found = { node: Inline; end: number }

/** ```several lines``` or `a word`; nothing inside is formatted. */
function codeAt(text: string, at: number): Found | null {
  for (const fence of ['```', '`']) {
    if (!text.startsWith(fence, at)) continue
    const end = text.indexOf(fence, at + fence.length)
    const inner = text.slice(at + fence.length, end)
    if (end > at + fence.length && (fence.length === 3 || !inner.includes('\n'))) {
      return { node: { kind: 'code', text: inner }, end: end + fence.length }
    }
  }
  return null
}

/** A mark opens before and closes after a visible character, stands outside words, and does not cross a line. */
function markedAt(text: string, at: number): Found | null {
  const mark = text[at] ?? ''
  const kind = marks[mark]
  if (!kind || insideWord(text[at - 1]) || isSpace(text[at + 1]) || text[at + 1] === mark) return null
  for (let end = at + 2; end < text.length && text[end] !== '\n'; end += 1) {
    if (text[end] !== mark || isSpace(text[end - 1]) || insideWord(text[end + 1])) continue
    return { node: { kind, children: parseFormatting(text.slice(at + 1, end)) }, end: end + 1 }
  }
  return null
}

function insideWord(character: string | undefined): boolean {
  return character !== undefined && wordCharacter.test(character)
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character)
}

const address = /(?:https?:\/\/|www\.)[^\s<>"']+/gi
// A full stop or a bracket after an address belongs to the sentence.
const trailing = /[.,;:!?)\]}*_~]+$/

function links(text: string): Inline[] {
  const nodes: Inline[] = []
  let at = 0
  for (const match of text.matchAll(address)) {
    const shown = match[0].replace(trailing, '')
    const href = shown.toLowerCase().startsWith('www.') ? `https://${shown}` : shown
    if (!URL.canParse(href)) continue
    if (match.index > at) nodes.push({ kind: 'text', text: text.slice(at, match.index) })
    nodes.push({ kind: 'link', text: shown, href })
    at = match.index + shown.length
  }
  if (at < text.length) nodes.push({ kind: 'text', text: text.slice(at) })
  return nodes
}
