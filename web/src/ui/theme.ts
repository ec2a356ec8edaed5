export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const stored = 'baraza.theme'
const prefersDark = () => window.matchMedia('(prefers-color-scheme: dark)')

export function storedTheme(): Theme {
  try {
    const theme = localStorage.getItem(stored)
    return theme === 'light' || theme === 'dark' ? theme : 'system'
  } catch {
    return 'system'
  }
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(stored, theme)
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
  paint(theme)
}

/** Follows the system's theme while nothing else is chosen. theme.js has already painted the first frame. */
export function followSystemTheme(): void {
  prefersDark().addEventListener('change', () => paint(storedTheme()))
}

function paint(theme: Theme) {
  document.documentElement.dataset.theme = theme === 'system' ? (prefersDark().matches ? 'dark' : 'light') : theme
}
