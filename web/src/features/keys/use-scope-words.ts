import { useTranslation } from 'react-i18next'

/** What a permission allows, in words; the server's, where the page's language has none. */
export function useScopeWords(): (name: string, description?: string) => string {
  const { t, i18n } = useTranslation()
  return (name, description) =>
    i18n.exists(`permission.${name}`) ? t(`permission.${name}` as never) : (description ?? name)
}
