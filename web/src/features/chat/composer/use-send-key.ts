import { useSession } from '@/api/session'
import { useUpdateMe } from '@/api/update-me'
import type { SendKey } from './composer.model'

/** Which key sends: ⌘Enter (Ctrl+Enter) until the person chooses otherwise in the menu beside Send. */
export function useSendKey(): [SendKey, (key: SendKey) => void] {
  const { preference } = useSession()
  const update = useUpdateMe()
  const chosen = update.isPending ? update.variables.preferences?.send_key : preference('send_key')
  const sendKey: SendKey = chosen === 'enter' ? 'enter' : 'mod_enter'
  return [sendKey, (key) => update.mutate({ preferences: { send_key: key } })]
}
