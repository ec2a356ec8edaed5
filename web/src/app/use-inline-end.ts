import { useTranslation } from 'react-i18next'

/** The physical side on which a line ends, for floating parts that know no writing direction. */
export function useInlineEnd(): 'left' | 'right' {
  const { i18n } = useTranslation()
  return i18n.dir() === 'rtl' ? 'left' : 'right'
}
