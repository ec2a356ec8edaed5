// Reads src/ui/tokens.css and checks every pair the screens use, in both themes. Exits 1 on a failure or a token missing in one
// theme. Ratios are WCAG 2.2: 4.5 for text, 3 for edges of controls and for marks.
import { readFileSync } from 'node:fs'

const css = readFileSync(new URL(process.argv[2] ?? '../src/ui/tokens.css', import.meta.url), 'utf8')
const block = (selector) => {
  const at = css.indexOf(selector)
  const body = css.slice(css.indexOf('{', at) + 1, css.indexOf('}', at))
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map((m) => [m[1], m[2]]))
}
const light = block(':root,')
const themes = { light, dark: block('[data-theme="dark"]') }
const shared = block(':root {')

const luminance = (hex) => {
  const [r, g, b] = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const ratio = (a, b) => {
  const [hi, lo] = [luminance(a), luminance(b)].sort((p, q) => q - p)
  return (hi + 0.05) / (lo + 0.05)
}

const grounds = ['canvas', 'surface', 'raised', 'accent-soft']
const on = (name, list, least) => list.map((ground) => [name, ground, least])
const pairs = [
  ...['ink', 'ink-2', 'ink-3', 'accent'].flatMap((name) => on(name, grounds, 4.5)),
  ...['danger', 'warn', 'ok', 'info'].flatMap((name) =>
    on(name, ['canvas', 'surface', 'accent-soft', `${name}-soft`], 4.5),
  ),
  ['on-accent', 'accent', 4.5],
  ['attention-ink', 'surface', 4.5],
  ['attention-ink', 'canvas', 4.5],
  ['note-ink', 'note', 4.5],
  ['accent', 'note', 4.5],
  ...on('note-line', ['note', 'surface', 'canvas'], 3),
  ...on('line-strong', [...grounds, 'note'], 3),
  ...['1', '2', '3', '4', '5', '6', 'other'].map((n) => [`series-${n}`, 'surface', 3]),
  ['attention', 'surface', 3],
  ...['whatsapp', 'messenger', 'instagram', 'web'].map((n) => ['on-channel', `channel-${n}`, 4.5]),
]

let failed = 0
const report = (good, line) => {
  if (!good) failed++
  console.log(`${good ? 'ok  ' : 'FAIL'} ${line}`)
}
for (const [theme, own] of Object.entries(themes)) {
  console.log(`# ${theme}`)
  for (const name of Object.keys(light)) if (!own[name]) report(false, `--${name} is missing`)
  const tokens = { ...shared, ...own }
  for (const [name, ground, least] of pairs) {
    const got = tokens[name] && tokens[ground] ? ratio(tokens[name], tokens[ground]) : 0
    report(got >= least, `${got.toFixed(2).padStart(5)} (${least}) ${name} on ${ground}`)
  }
}
process.exit(failed ? 1 : 0)
