// Package chat owns conversations and messages: what was said, in which order, and
// who has seen it.
//
// Always true: seq has no gaps within a conversation, over messages and transitions
// together, and only the holder of the conversation's row lock hands it out. A
// status moves forward only. One conversation per channel and identity is open at a
// time. Every change of state leaves a row in changes in the same transaction, and
// what is announced is read with the same statement the API reads with.
package chat

import (
	"time"

	"github.com/google/uuid"

	"baraza/domain"
)

// Status of a conversation (PRODUCT.md §4.1).
const (
	StatusBot      = "bot"
	StatusQueued   = "queued"
	StatusOffered  = "offered"
	StatusActive   = "active"
	StatusSnoozed  = "snoozed"
	StatusWrapUp   = "wrap_up"
	StatusResolved = "resolved"
	StatusClosed   = "closed"
)

// Status of a message (PRODUCT.md §4.2).
const (
	MessageReceived  = "received"
	MessageQueued    = "queued"
	MessageUnknown   = "unknown"
	MessageSent      = "sent"
	MessageDelivered = "delivered"
	MessageRead      = "read"
	MessageFailed    = "failed"
)

// window is how long Meta lets a business answer freely after the customer's last
// message; margin keeps a message on its way from arriving too late.
const (
	window = 24 * time.Hour
	margin = 60 * time.Second
)

// ErrWindowClosed is free text outside the messaging window.
var ErrWindowClosed = &domain.Error{Kind: domain.Invalid, Code: "window_closed",
	Detail: "More than 24 hours have passed since the customer's last message. Send an approved template."}

// freely is the one rule about free text (PRODUCT.md §8 "Messaging window"): it
// holds at enqueue and again at send. opened is when the window ends, nil if it
// never opened.
func freely(expires *domain.Time, now time.Time) error {
	if expires != nil && now.Add(margin).Before(expires.Time) {
		return nil
	}
	return ErrWindowClosed.Naming(map[string]any{"window_expires_at": expires, "allowed": []string{"template"}})
}

// Ref names another object.
type Ref struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// Sender of a message. A reply typed in the phone app has no ID. A system with one is a
// program of the workspace's own: its API key.
type Sender struct {
	Kind string     `json:"kind" enum:"contact,user,bot,system"`
	ID   *uuid.UUID `json:"id"`
	Name string     `json:"name"`
}
