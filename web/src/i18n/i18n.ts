import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type en from './en.json'
import { type Language, pageLanguage, turnPage } from './language'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
    enableSelector: false
  }
}

// One language is fetched, the one that is shown: scripts/i18n.mjs makes sure that every text is in all of them.
const loaders: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('./en.json'),
  sw: () => import('./sw.json'),
  fr: () => import('./fr.json'),
  ar: () => import('./ar.json'),
}

/** Starts the texts in the page's language; resolves when they can be shown. */
export async function startTexts(): Promise<void> {
  const language = pageLanguage()
  const texts = await loaders[language]()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: texts.default } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  })
  // English is what a page begins with; storing it would hold a browser to it that changes its own language.
  if (language !== 'en') turnPage(language)
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const texts = await loaders[language]()
    i18next.addResourceBundle(language, 'translation', texts.default)
  }
  await i18next.changeLanguage(language)
  turnPage(language)
}
