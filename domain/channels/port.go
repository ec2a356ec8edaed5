package channels

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Kinds of channel.
const (
	WhatsApp  = "whatsapp"
	Messenger = "messenger"
	Instagram = "instagram"
)

// Event is one thing a platform told us about a channel, in our words: exactly one
// of its pointers is set. It is what a provider's parser hands to chat.Receive.
type Event struct {
	// RoutingKey is the provider's own id of the channel (phone_number_id, page id, …).
	RoutingKey string
	// At is the provider's time, UTC. Zero when the provider gave none.
	At time.Time
	// Raw is the item as it came, for kinds we cannot read and for replay.
	Raw json.RawMessage

	Message  *InboundMessage
	Reaction *InboundReaction
	Status   *MessageStatus
}

// Sender is how a platform names a customer. Any key may be missing; at least one is set.
type Sender struct {
	Keys     []IdentityKey
	Name     string // profile name; "" when the provider sent none
	Username string // with its @; "" when none
}

// IdentityKey is one of the names a platform has for a customer.
type IdentityKey struct {
	Kind  string // bsuid, parent_bsuid, wa_phone, psid, igsid
	Value string
}

// InboundMessage is a message of a customer.
type InboundMessage struct {
	From       Sender
	ProviderID string
	// Kind is a message kind of API.md §4.2: text, image, … , unsupported.
	Kind string
	// RawType is the provider's own type; set when Kind is unsupported.
	RawType string
	// Text is the body or the caption; at most 64 KiB, without NUL.
	Text string
	// ReplyTo is the provider id of the quoted message, or "".
	ReplyTo string
	// Media of the message, at most ten.
	Media []InboundMedia
	// Forwarded says that the customer passed on what someone else wrote.
	Forwarded bool
	// Content is the kind's own data (location, contacts, interactive, …) as JSON, or nil.
	Content json.RawMessage
	// OpensWindow says whether the platform lets us answer freely for 24 hours from At.
	OpensWindow bool
}

// InboundMedia is an attachment that still lies with the provider.
type InboundMedia struct {
	Kind       string // image, video, audio, voice, document, sticker
	ProviderID string
	MIME       string
	SHA256     string // as the provider sent it
	Name       string
}

// InboundReaction is a customer's reaction to a message; Emoji "" takes it away.
type InboundReaction struct {
	From       Sender
	ProviderID string // of the reaction itself
	Target     string // provider id of the message reacted to
	Emoji      string
}

// MessageStatus is what became of a message we sent.
type MessageStatus struct {
	// ProviderID of the message, as the send call returned it.
	ProviderID string
	// ClientKey is the key we gave with the send (biz_opaque_callback_data), or "".
	ClientKey string
	// Status is sent, delivered, read, played or failed.
	Status string
	Error  *SendError
}

// Outgoing is a message to hand to the platform.
type Outgoing struct {
	MessageID uuid.UUID
	// ClientKey comes back in status webhooks and settles an unknown outcome.
	ClientKey string
	To        []IdentityKey
	Kind      string // text
	Text      string
	// ReplyTo is the provider id of the quoted message, or "".
	ReplyTo string
}

// SendError is a platform's refusal, in words an agent can act on.
type SendError struct {
	Code      string `json:"code"`      // the provider's, as text
	Title     string `json:"title"`     // one plain sentence
	Detail    string `json:"detail"`    // what to do next
	Retryable bool   `json:"retryable"` // a person may send the same message again
}

func (e *SendError) Error() string { return "provider refused: " + e.Code }

// Send outcomes beside success and *SendError.
type (
	// UnknownOutcome means the request may or may not have reached the platform:
	// it was written and no answer could be read. Never to be repeated blindly.
	UnknownOutcome struct{ Cause error }
	// Transient means the platform certainly did not take it and asks to try later
	// (throttled, 5xx with a provider body, connection refused).
	Transient struct {
		Cause      *SendError
		RetryAfter time.Duration // 0: the caller's own backoff
	}
	// ReauthRequired means the credential is dead: sends wait until someone signs in again.
	ReauthRequired struct{ Cause *SendError }
)

func (e *UnknownOutcome) Error() string { return "outcome unknown: " + e.Cause.Error() }
func (e *UnknownOutcome) Unwrap() error { return e.Cause }
func (e *Transient) Error() string      { return "try later: " + e.Code() }
func (e *ReauthRequired) Error() string { return "channel must sign in again: " + e.Code() }

// Code is the provider's, or "unreachable" when it never answered.
func (e *Transient) Code() string {
	if e.Cause == nil {
		return "unreachable"
	}
	return e.Cause.Code
}

// Code is the provider's.
func (e *ReauthRequired) Code() string {
	if e.Cause == nil {
		return "reauth_required"
	}
	return e.Cause.Code
}

// Credentials of a channel in clear text. Only the sender and the checker ever hold them.
type Credentials struct {
	AccessToken string `json:"access_token"`
	AppSecret   string `json:"app_secret,omitempty"`
	VerifyToken string `json:"verify_token,omitempty"`
}

// Account is the channel's address at its platform, as a Connector needs it.
type Account struct {
	Kind      string
	External  External
	Simulated bool
}

// External is the channel's identity at its platform. Which members are set follows the kind.
type External struct {
	PhoneNumberID string `json:"phone_number_id,omitempty"`
	WabaID        string `json:"waba_id,omitempty"`
	PageID        string `json:"page_id,omitempty"`
	IGID          string `json:"ig_id,omitempty"`
	Display       string `json:"display"`
}

// Connector talks to one platform. Two implementations stand behind it: the
// platform's real hosts, and the simulator's for simulated channels.
type Connector interface {
	// Check asks the platform who the credential speaks for; it returns the account's
	// display name, a *SendError when the platform refuses, or a transport error.
	Check(ctx context.Context, a Account, c Credentials) (display string, err error)
	// Send hands one message over, once: exactly one HTTP request leaves, whatever
	// happens. It returns the provider's message id, or *SendError (refused for good),
	// *Transient, *ReauthRequired, *UnknownOutcome.
	Send(ctx context.Context, a Account, c Credentials, m Outgoing) (providerID string, err error)
}
