import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accent, accentDark } from './accent'

test('the accent is that of the tokens', () => {
  const tokens = readFileSync('src/ui/tokens.css', 'utf8')
  expect([...tokens.matchAll(/--accent: (#[0-9a-f]{6})/g)].map((match) => match[1])).toEqual([accent, accentDark])
})
