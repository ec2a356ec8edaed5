import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './en.json'
import { type Language, pageLanguage, turnPage } from './language'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
    enableSelector: false
  }
}

// English is always there, because a missing text falls back to it; the others are fetched when chosen.
const loaders: Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>> = {
  sw: () => import('./sw.json'),
  fr: () => import('./fr.json'),
  ar: () => import('./ar.json'),
}

/** Starts the texts in the page's language; resolves when they can be shown. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  })
  const language = pageLanguage()
  if (language !== 'en') await chooseLanguage(language)
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    const texts = await loaders[language]()
    i18next.addResourceBundle(language, 'translation', texts.default)
  }
  await i18next.changeLanguage(language)
  turnPage(language)
}
