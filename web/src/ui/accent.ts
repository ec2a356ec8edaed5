/** The product's own accent, light and dark, as tokens.css has it: what a colour field begins with. */
export const accent = '#0b5c58'
export const accentDark = '#4fbfb3'
