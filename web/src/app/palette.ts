import { useEffect } from 'react'
import type { Palette } from '@/api/types'

/** Paints the page in the workspace's colours, in both themes, for as long as it is shown. */
export function usePalette(palette: Palette | null): void {
  useEffect(() => {
    // A sheet of its own: the content security policy allows no <style>, and both themes must be there at once.
    if (!palette || !('adoptedStyleSheets' in document)) return
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      `:root, [data-theme="light"] { ${tokens(palette.light)} } [data-theme="dark"] { ${tokens(palette.dark)} }`,
    )
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((item) => item !== sheet)
    }
  }, [palette])
}

function tokens({ accent, on_accent, accent_soft }: Palette['light']): string {
  return `--accent: ${accent}; --on-accent: ${on_accent}; --accent-soft: ${accent_soft};`
}
