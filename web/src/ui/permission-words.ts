import { useTranslation } from 'react-i18next'

/** What a permission allows, in words; its description, else its name, when a newer server knows it and we do not. */
export function usePermissionWords(): (name: string, description?: string) => string {
  const { t, i18n } = useTranslation()
  return (name, description) =>
    i18n.exists(`permission.${name}`)
      ? t(`permission.${name}` as 'permission.conversation.view')
      : (description ?? name)
}
