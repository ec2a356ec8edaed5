import type { Conversation } from '@/api/types'

/** What a contact is called: the name, else the address they write from. */
export function contactName(contact: Conversation['contact']): string {
  return contact.name?.trim() || contact.identity.username || contact.identity.value
}
