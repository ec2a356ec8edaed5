// Package meta speaks with Meta: it takes webhooks in, turns their updates into
// channel events, and sends messages through the Graph API. WhatsApp is the first
// of its platforms; Page and Instagram updates are split and counted, not yet read.
//
// Always true: a webhook is answered 200 only after every one of its updates was
// handed to Publish, and what cannot be parsed is still handed on, raw. Send makes
// exactly one HTTP request and says honestly whether it may have been taken. A token
// goes to the configured Graph host and nowhere else.
package meta

import "baraza/domain"

// GraphVersion of every call we make.
const GraphVersion = "v26.0"

// DefaultGraphURL is Meta's own host.
const DefaultGraphURL = "https://graph.facebook.com"

// whatsAppObject is the `object` of every WhatsApp webhook.
const whatsAppObject = "whatsapp_business_account"

// Who signed a webhook. An update signed by one of them never reaches a channel of the other.
const (
	SignerMeta      = "meta"
	SignerSimulator = "simulator"
)

// ErrUnreadable says that bytes are not what Meta sends: Split returns it for a body
// that is no webhook, Parse for an update without what it cannot do without.
var ErrUnreadable = &domain.Error{Kind: domain.Malformed, Code: "malformed_json", Detail: "This is not an update we can read."}
