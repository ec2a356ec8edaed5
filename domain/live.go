package domain

import (
	"encoding/json"

	"github.com/google/uuid"
)

// Live is how a change looks on a screen, and who may look.
type Live struct {
	// Data of the event as API.md §5 has it, one JSON object. Where it holds a
	// conversation, its caller's count is written `"unread":-1`, at most once; each
	// reader gets their own number in that place. Nil: what changed is gone.
	Data json.RawMessage `json:"data"`
	// Masked is Data as shown without contact.view_pii; nil when there is no difference.
	Masked json.RawMessage `json:"masked,omitempty"`
	// Audience is who may see it, by the row as it is after the change.
	Audience Audience `json:"audience"`
	// Before is who might have seen it until this change, where that differs: those who
	// no longer may are told conversation.removed. Nil when the audience is as it was.
	Before *Audience `json:"before,omitempty"`
	// InboundCount of the conversation. A reader's unread is what exceeds their marker
	// or, for one who never opened it, AnsweredCount.
	InboundCount  int64 `json:"inbound_count"`
	AnsweredCount int64 `json:"answered_count"`
}

// Audience holds the facts of a row that decide who sees it; see tenancy.Scope.Sees.
// The zero Audience is seen with scope "all" alone.
type Audience struct {
	// Everyone is for what is no conversation's: whoever holds the permission sees it.
	Everyone  bool      `json:"everyone,omitempty"`
	Assignee  uuid.UUID `json:"assignee"`
	OfferedTo uuid.UUID `json:"offered_to"`
	Team      uuid.UUID `json:"team"`
	Channel   uuid.UUID `json:"channel"`
	// Queued says that it waits in the queue of its team.
	Queued bool `json:"queued,omitempty"`
	// Participants are in it by mention, follow or warm transfer.
	Participants []uuid.UUID `json:"participants,omitempty"`
}

// Marker is how far a user has read a conversation: Count customer messages lie
// before it.
type Marker struct {
	ConversationID uuid.UUID `db:"conversation_id"`
	UserID         uuid.UUID `db:"user_id"`
	Count          int64     `db:"inbound_count"`
}
