// Holds the budgets of the last build, in kB after gzip. Reads the manifest that scripts/compress.mjs set aside.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const web = new URL('../', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.build/manifest.json', web), 'utf8'))
const dist = new URL('dist/', web)

const kilobytes = (bytes) => bytes / 1000
const zipped = (file) => kilobytes(gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length)

/** A chunk and everything it imports statically. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const imported of manifest[key].imports ?? []) closure(imported, seen)
  return seen
}
const weight = (keys) => [...keys].reduce((sum, key) => sum + zipped(manifest[key].file), 0)

const entryKey = Object.keys(manifest).find((key) => manifest[key].isEntry)
const entry = closure(entryKey)
const lazy = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry)
const inboxRoutes = lazy.filter((key) => /routes\/t\.\$slug(\.inbox|\.tsx)/.test(key))
const inbox = new Set(inboxRoutes.flatMap((key) => [...closure(key)]).filter((key) => !entry.has(key)))
const others = lazy
  .filter((key) => !inboxRoutes.includes(key))
  .map((key) => ({ key, size: weight([...closure(key)].filter((item) => !entry.has(item) && !inbox.has(item))) }))
const heaviest = others.toSorted((a, b) => b.size - a.size)[0] ?? { key: 'none', size: 0 }

const files = readdirSync(dist, { recursive: true }).filter((file) => statSync(new URL(file, dist)).isFile())
const css = files.filter((file) => file.endsWith('.css')).reduce((sum, file) => sum + zipped(file), 0)
const firstFont = files.find((file) => /ibm-plex-sans-latin-wght-normal.*\.woff2$/.test(file))
const all = files.reduce((sum, file) => sum + statSync(new URL(file, dist)).size, 0)

const budgets = [
  ['entry JS', weight(entry), 165],
  ['inbox on top', weight(inbox), 75],
  [`heaviest other lazy part (${heaviest.key})`, heaviest.size, 60],
  ['CSS', css, 30],
  [
    'font of the first view',
    firstFont ? kilobytes(statSync(new URL(firstFont, dist)).size) : Number.POSITIVE_INFINITY,
    50,
  ],
  ['embedded assets', kilobytes(all), 6000],
]
let over = 0
for (const [name, size, limit] of budgets) {
  if (size > limit) over++
  console.log(
    `${size > limit ? 'OVER' : 'ok  '} ${size.toFixed(1).padStart(7)} of ${String(limit).padStart(4)} kB  ${name}`,
  )
}
process.exit(over > 0 ? 1 : 0)
