// Every text exists in every language with the plural forms that language has, carries the same placeholders, and is
// used somewhere. English decides which texts there are.
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

const folder = new URL('../src/i18n/', import.meta.url)
const languages = ['en', 'sw', 'fr', 'ar']
const plural = /_(zero|one|two|few|many|other)$/

const flatten = (value, prefix = '') =>
  Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? [[prefix + key, inner]] : flatten(inner, `${prefix}${key}.`),
  )
const texts = Object.fromEntries(
  languages.map((language) => [
    language,
    new Map(flatten(JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8')))),
  ]),
)
const problems = []

// A key with a plural form stands for all of them.
const names = new Set([...texts.en.keys()].map((key) => key.replace(plural, '')))
const counted = new Set([...texts.en.keys()].filter((key) => plural.test(key)).map((key) => key.replace(plural, '')))

const placeholders = (text) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()

for (const language of languages) {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  const wanted = [...names].flatMap((name) => (counted.has(name) ? forms.map((form) => `${name}_${form}`) : [name]))
  for (const key of wanted) if (!texts[language].has(key)) problems.push(`${language}: ${key} is missing`)
  for (const [key, text] of texts[language]) {
    if (!wanted.includes(key))
      problems.push(`${language}: ${key} does not exist in English or is no form of ${language}`)
    if (!text.trim()) problems.push(`${language}: ${key} is empty`)
    const name = key.replace(plural, '')
    const english = texts.en.get(key) ?? texts.en.get(`${name}_other`) ?? ''
    // A form for one or two may say the number in a word.
    const said = placeholders(text)
    const missing = placeholders(english).filter(
      (item) => !said.includes(item) && !(item === 'count' && plural.test(key)),
    )
    const foreign = said.filter((item) => !placeholders(english).includes(item))
    if (missing.length + foreign.length > 0) problems.push(`${language}: ${key} has other placeholders than English`)
  }
}

// Used: the whole key as a literal, or a template whose fixed part begins it. Commands are named by their id.
const sources = readdirSync(new URL('../src/', import.meta.url), { recursive: true })
  .filter((file) => /\.tsx?$/.test(file))
  .filter((file) => !/\.(test|gen)\./.test(basename(file)))
const code = sources.map((file) => readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8')).join('\n')
const literals = new Set([...code.matchAll(/'([\w.]+)'/g)].map((match) => match[1]))
const prefixes = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map((match) => match[1])
for (const name of names) {
  const used = name.startsWith('keys.command.')
    ? literals.has(name.slice('keys.command.'.length))
    : literals.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
  if (!used) problems.push(`en: ${name} is used nowhere`)
}

for (const problem of problems) console.error(problem)
console.log(`i18n: ${names.size} texts, ${languages.length} languages, ${problems.length} problems`)
process.exit(problems.length > 0 ? 1 : 0)
