package chat

import (
	"context"
	"math"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Message is content exchanged with the contact.
type Message struct {
	ID             uuid.UUID      `json:"id"`
	ConversationID uuid.UUID      `json:"conversation_id"`
	Seq            int64          `json:"seq"` // arrival order, without gaps over messages and events
	Direction      string         `json:"direction" enum:"in,out,"`
	Kind           string         `json:"kind" enum:"text,image,video,audio,voice,document,sticker,location,contacts,interactive,template,order,story,system,unsupported,event"`
	Text           *string        `json:"text"`
	Content        jsontext.Value `json:"content"` // the kind's own data, as the platform gave it
	RawType        *string        `json:"raw_type"`
	Media          []Media        `json:"media"`
	Status         string         `json:"status" enum:"received,queued,sent,delivered,read,failed,unknown,"`
	StatusAt       StatusAt       `json:"status_at"`
	ProviderID     *string        `json:"provider_id"`
	ClientID       *uuid.UUID     `json:"client_id"`
	Sender         Sender         `json:"sender"`
	ReplyTo        *Quote         `json:"reply_to"`
	Reactions      []Reaction     `json:"reactions"`
	Error          *MessageError  `json:"error"`
	Event          *Event         `json:"event"` // set when kind is event
	ProviderAt     *domain.Time   `json:"provider_at"`
	CreatedAt      domain.Time    `json:"created_at"`
	EditedAt       *domain.Time   `json:"edited_at"`
	DeletedAt      *domain.Time   `json:"deleted_at"`
	Version        int64          `json:"version"`

	repeated bool
}

// Replayed says that the message was there already: 200 instead of 201.
func (m Message) Replayed() bool { return m.repeated }

// Media is an attachment.
type Media struct {
	ID    uuid.UUID `json:"id"`
	Kind  string    `json:"kind"`
	MIME  string    `json:"mime"`
	Size  *int64    `json:"size"`
	Name  *string   `json:"name"`
	URL   *string   `json:"url"` // nil until the state is ready
	State string    `json:"state" enum:"pending,ready,failed,expired"`
}

// StatusAt is when each status was reached, by the platform's clock.
type StatusAt struct {
	Sent      *domain.Time `json:"sent"`
	Delivered *domain.Time `json:"delivered"`
	Read      *domain.Time `json:"read"`
	Played    *domain.Time `json:"played"`
	Failed    *domain.Time `json:"failed"`
}

// Quote is the message a reply answers. It may be unknown to us: then only seq 0
// and no text are there.
type Quote struct {
	ID     uuid.UUID `json:"id"`
	Seq    int64     `json:"seq"`
	Kind   string    `json:"kind"`
	Text   *string   `json:"text"`
	Sender Sender    `json:"sender"`
}

// Reaction is one person's emoji on a message.
type Reaction struct {
	Emoji  string      `json:"emoji"`
	Sender Sender      `json:"sender"`
	At     domain.Time `json:"at"`
}

// MessageError says why a message failed and what helps.
type MessageError struct {
	Code      string `json:"code"`
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	Retryable bool   `json:"retryable"`
}

// Event is a transition of the conversation, shown between its messages.
type Event struct {
	Kind  string         `json:"kind" enum:"opened,assigned"`
	Actor Sender         `json:"actor"`
	Data  jsontext.Value `json:"data"`
}

// ListMessages asks for one page of a thread: the newest, or before or after a seq.
type ListMessages struct {
	ConversationID uuid.UUID `param:"id" json:"-"`
	Before         int64     `query:"before" json:"-" validate:"min=0"`
	After          *int64    `query:"after" json:"-" validate:"omitempty,min=0"`
	Limit          int       `query:"limit" json:"-" validate:"omitempty,min=1,max=200"`
	Include        []string  `query:"include" json:"-" validate:"max=2,dive,oneof=notes events"`
}

// MessagePage is ascending in seq.
type MessagePage struct {
	Items      []Message `json:"items"`
	HasBefore  bool      `json:"has_before"`
	HasAfter   bool      `json:"has_after"`
	NextCursor *string   `json:"next_cursor"`
	Horizon    string    `json:"-"`
}

// Cursor is the change horizon, usable as `since` of a subscription.
func (p MessagePage) Cursor() string { return p.Horizon }

// GetMessage asks for one.
type GetMessage struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// MessageDetail is a message with what became of each attempt to send it.
type MessageDetail struct {
	Message  `json:",inline"`
	Attempts []Attempt `json:"attempts"`
}

// Attempt is one call to the platform.
type Attempt struct {
	N            int          `json:"n"`
	At           domain.Time  `json:"at"`
	FinishedAt   *domain.Time `json:"finished_at"`
	Outcome      *string      `json:"outcome" enum:"sent,refused,later,unknown"`
	ProviderCode *string      `json:"provider_code"`
}

// Messages reads, sends and settles messages.
type Messages struct {
	DB      *db.Tenant
	Horizon func(context.Context) string // as that of Conversations
}

// List returns one page; a conversation the caller may not see is domain.ErrNotFound.
func (m *Messages) List(ctx context.Context, in ListMessages) (MessagePage, error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	if in.Before == 0 {
		in.Before = math.MaxInt64
	}
	horizon := m.Horizon(ctx)
	rows, err := listMessages(ctx, m.DB, in)
	if err != nil {
		return MessagePage{}, err
	}
	pii := tenancy.From(ctx).May(tenancy.ContactViewPII)
	page := MessagePage{Items: make([]Message, 0, len(rows.page)), HasBefore: rows.before, HasAfter: rows.after, Horizon: horizon}
	for _, row := range rows.page {
		page.Items = append(page.Items, row.view(pii))
	}
	return page, nil
}

// Get returns one message with its attempts.
func (m *Messages) Get(ctx context.Context, in GetMessage) (MessageDetail, error) {
	row, err := getMessage(ctx, m.DB, in.ID)
	if err != nil {
		return MessageDetail{}, err
	}
	attempts, err := listAttempts(ctx, m.DB, in.ID)
	if err != nil {
		return MessageDetail{}, err
	}
	return MessageDetail{Message: row.view(tenancy.From(ctx).May(tenancy.ContactViewPII)), Attempts: attempts}, nil
}
