// The wire's nouns under their own names. Every one comes from the generated schema; none is written by hand.
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type AuditActor = Schemas['Actor']
export type AuditEntry = Schemas['Entry']
export type AuditProof = Schemas['Proof']
export type Channel = Schemas['Channel']
export type ChannelKind = Schemas['ChannelRef']['kind']
export type Conversation = Schemas['Conversation']
export type ConversationCounts = Schemas['Counts']
export type ConversationPage = Schemas['ConversationPage']
export type FieldError = Schemas['FieldError']
export type LastMessage = Schemas['LastMessage']
export type LoginSession = Schemas['LoginSession']
export type Me = Schemas['Me']
export type Media = Schemas['Media']
export type Membership = Schemas['Membership']
export type Message = Schemas['Message']
export type MessageDetail = Schemas['MessageDetail']
export type MessagePage = Schemas['MessagePage']
/** Empty only for rows that are no messages. */
export type MessageStatus = Exclude<Message['status'], ''>
export type ProblemBody = Schemas['Problem']
export type PublicConfig = Schemas['PublicConfig']
export type Reaction = Schemas['Reaction']
export type Quote = Schemas['Quote']
export type SendMessage = Schemas['SendMessage']
export type SecuritySettings = Schemas['SecuritySettings']
export type Sender = Schemas['Sender']
export type Session = Schemas['Session']
export type TenantName = Schemas['TenantName']
