export const languages = ['en', 'sw', 'fr', 'ar'] as const
export type Language = (typeof languages)[number]

/** Each language in its own words, as a menu of languages must show them. */
export const languageNames: Record<Language, string> = {
  en: 'English',
  sw: 'Kiswahili',
  fr: 'Français',
  ar: 'العربية',
}

const stored = 'baraza.language'

export function isLanguage(value: string): value is Language {
  return (languages as readonly string[]).includes(value)
}

/** What theme.js chose before the first paint. */
export function pageLanguage(): Language {
  const language = document.documentElement.lang
  return isLanguage(language) ? language : 'en'
}

/** Turns the page to a language and keeps the choice for the next visit of this browser. */
export function turnPage(language: Language): void {
  document.documentElement.lang = language
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr'
  try {
    localStorage.setItem(stored, language)
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

/** The locale for Intl: the language with Western digits, so that a screen never shows two digit systems. */
export function intlLocale(language: string): string {
  return `${language}-u-nu-latn`
}
