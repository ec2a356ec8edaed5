// The app runs in both writing directions: a side is inline-start or inline-end, never left or right; and a colour is
// a token of src/ui/tokens.css. Prints what breaks that and exits 1.
import { readdirSync, readFileSync } from 'node:fs'

// The test of accent.ts holds it to tokens.css.
const tokens = ['ui/tokens.css', 'ui/accent.ts']
const source = new URL('../src/', import.meta.url)
const start = '(?<![\\w-])'
const bans = [
  // Tailwind's physical utilities, with any variant or sign before them.
  [new RegExp(`${start}-?(?:ml|mr|pl|pr|scroll-ml|scroll-mr|scroll-pl|scroll-pr)-`, 'g'), 'use ms-, me-, ps-, pe-'],
  [new RegExp(`${start}-?(?:left|right)-(?:\\d|\\[|\\(|px|auto|full)`, 'g'), 'use start-, end-'],
  [
    new RegExp(`${start}(?:border|rounded)-(?:l|r|tl|tr|bl|br)(?:-|(?=["'\\s\`]))`, 'g'),
    'use -s, -e, -ss, -se, -es, -ee',
  ],
  [new RegExp(`${start}(?:text|float|clear)-(?:left|right)(?![\\w-])`, 'g'), 'use text-start, text-end'],
  // CSS, and style objects.
  [/(?:margin|padding|border)(?:-|)(?:left|right|Left|Right)\b/g, 'use the inline- property'],
  [/(?:^|[\s;{,])(?:left|right)\s*:\s*(?!'(?:left|right)')[\d'"`-]/gm, 'use inset-inline-start, inset-inline-end'],
  [/text-align\s*:\s*(?:left|right)/g, 'use start, end'],
  // Colours outside the tokens.
  [/#[0-9a-fA-F]{6}\b|(?<![\w-])(?:rgba?|hsla?|oklch)\(/g, 'use a token of ui/tokens.css'],
]

let found = 0
for (const file of readdirSync(source, { recursive: true })) {
  if (!/\.(tsx?|css)$/.test(file) || /\.(gen|test)\./.test(file) || tokens.includes(file)) continue
  // Comments may speak of left and right.
  const text = readFileSync(new URL(file, source), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  )
  for (const [ban, advice] of bans) {
    for (const match of text.matchAll(ban)) {
      const line = text.slice(0, match.index + 1).split('\n').length
      console.error(`src/${file}:${line}: ${match[0].trim()} (${advice})`)
      found++
    }
  }
}
console.log(`css: ${found} physical sides or foreign colours`)
process.exit(found > 0 ? 1 : 0)
