// Runs before the first paint, from its own file because the content security policy allows no inline script:
// theme, language and writing direction are right from the first frame. src/ui/theme.ts and src/i18n/language.ts
// change them later and own the two storage keys.
;(() => {
  const root = document.documentElement
  let theme = null
  let language = null
  try {
    theme = localStorage.getItem('baraza.theme')
    language = localStorage.getItem('baraza.language')
  } catch {
    // Storage is blocked: the system's theme and the browser's language are used.
  }
  if (theme !== 'light' && theme !== 'dark') {
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  }
  const supported = ['en', 'sw', 'fr', 'ar']
  const wanted = language === null ? navigator.languages : [language]
  const chosen = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => supported.includes(tag)) ?? 'en'
  root.dataset.theme = theme
  root.lang = chosen
  root.dir = chosen === 'ar' ? 'rtl' : 'ltr'
})()
