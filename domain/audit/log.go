package audit

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Entry is one act, as it is shown.
type Entry struct {
	ID        uuid.UUID       `json:"id"`
	At        domain.Time     `json:"at"`
	Actor     Actor           `json:"actor"`
	Action    string          `json:"action"`
	Object    string          `json:"object"`
	ObjectID  *uuid.UUID      `json:"object_id"`
	Before    json.RawMessage `json:"before"`
	After     json.RawMessage `json:"after"`
	IP        string          `json:"ip"`
	UserAgent string          `json:"user_agent"`
	RequestID string          `json:"request_id"`
	// ChainNo is the place in the chain; null for a second or so after the act.
	ChainNo *int64 `json:"chain_no"`
}

// Actor is who did it. Name is today's, and null for who is no longer a member.
type Actor struct {
	Kind string     `json:"kind" enum:"user,system,api_key,platform"`
	ID   *uuid.UUID `json:"id"`
	Name *string    `json:"name"`
}

// Filter says which entries are meant; without any of it, all.
type Filter struct {
	Actor    *uuid.UUID   `query:"actor" json:"-"`
	Action   string       `query:"action" json:"-" validate:"max=64"`
	Object   string       `query:"object" json:"-" validate:"max=64"`
	ObjectID *uuid.UUID   `query:"object_id" json:"-"`
	From     *domain.Time `query:"from" json:"-"`
	To       *domain.Time `query:"to" json:"-"`
}

// List asks for entries, the newest first.
type List struct {
	Filter
	tenancy.Paging
}

// Get asks for one entry.
type Get struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// Log shows the entries of the caller's tenant.
type Log struct {
	DB      *db.Tenant
	Cursors *tenancy.Cursors
	// Key proves the signatures of the chains' ends.
	Key ed25519.PublicKey
}

// List returns one page.
func (l *Log) List(ctx context.Context, in List) (domain.Page[Entry], error) {
	before, err := in.Paging.From(ctx, l.Cursors, in.place(), uuid.Max)
	if err != nil {
		return domain.Page[Entry]{}, err
	}
	rows, err := listEntries(ctx, l.DB, in.Filter, before, in.Rows())
	if err != nil {
		return domain.Page[Entry]{}, err
	}
	shown := make([]Entry, len(rows))
	for i, row := range rows {
		shown[i] = row.view()
	}
	return tenancy.PageOf(ctx, l.Cursors, in.place(), in.Paging, shown, func(one Entry) uuid.UUID { return one.ID })
}

// place binds a cursor to its filter.
func (in Filter) place() string {
	b, err := json.Marshal(struct {
		Actor, ObjectID *uuid.UUID
		Action, Object  string
		From, To        *domain.Time
	}{in.Actor, in.ObjectID, in.Action, in.Object, in.From, in.To})
	if err != nil {
		return "audit" // cannot be: these types have JSON
	}
	return "audit " + string(b)
}

// Get returns one entry.
func (l *Log) Get(ctx context.Context, in Get) (Entry, error) {
	row, err := getEntry(ctx, l.DB, in.ID)
	if err != nil {
		return Entry{}, err
	}
	return row.view(), nil
}

func (r namedRow) view() Entry {
	return Entry{
		ID: r.ID, At: r.At, Actor: Actor{r.ActorKind, r.ActorID, r.ActorName}, Action: r.Action, Object: r.Object, ObjectID: r.ObjectID,
		Before: raw(r.Before), After: raw(r.After), IP: r.IP, UserAgent: r.UserAgent, RequestID: r.RequestID, ChainNo: r.ChainNo,
	}
}

// bounds are the first id that may have been made at from, and the first after to.
func (in Filter) bounds() (from, to uuid.UUID) {
	from, to = uuid.Nil, uuid.Max
	if in.From != nil {
		from = firstID(in.From.Time)
	}
	if in.To != nil {
		to = firstID(in.To.Time)
	}
	return from, to
}

// firstID is the lowest time-ordered id of a millisecond.
func firstID(t time.Time) uuid.UUID {
	var id uuid.UUID
	ms := max(t.UnixMilli(), 0)
	for i := range 6 {
		id[i] = byte(ms >> (8 * (5 - i)))
	}
	return id
}
