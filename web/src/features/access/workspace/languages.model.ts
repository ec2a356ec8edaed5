const offered = ['am', 'ar', 'de', 'en', 'es', 'fr', 'ha', 'hi', 'it', 'pt', 'so', 'sw', 'tr', 'yo', 'zh', 'zu']

/** The languages a workspace can tick, with those it speaks already among them. */
export function languagesWith(spoken: string[]): string[] {
  return [...new Set([...offered, ...spoken])].toSorted()
}
