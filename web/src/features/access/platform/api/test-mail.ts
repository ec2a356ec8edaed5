import { useMutation } from '@tanstack/react-query'
import { call, client } from '@/api/client'

/** Sends the caller a letter now. */
export function useTestMail() {
  return useMutation({ mutationFn: () => call(client.POST('/api/platform/mail/test', {})) })
}
