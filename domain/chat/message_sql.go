package chat

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// messageRow is a message, or an event of the same timeline, with what it is shown with.
type messageRow struct {
	ID              uuid.UUID
	ConversationID  uuid.UUID
	Seq             int64
	Direction       string
	Kind            string
	Text            *string
	Content         *string
	RawType         *string
	Status          string
	ProviderID      *string
	ClientID        *uuid.UUID
	SenderKind      string
	SenderID        *uuid.UUID
	SenderName      string
	ContactID       uuid.UUID
	ContactName     string
	KeyKind         *string
	KeyValue        *string
	Username        *string
	ReplyProviderID *string
	ReplyID         *uuid.UUID
	ReplySeq        *int64
	ReplyKind       *string
	ReplyText       *string
	ReplySenderKind *string
	ReplySenderID   *uuid.UUID
	ReplySenderName *string
	ProviderAt      *time.Time
	SentAt          *time.Time
	DeliveredAt     *time.Time
	ReadAt          *time.Time
	PlayedAt        *time.Time
	FailedAt        *time.Time
	Error           *string
	EditedAt        *time.Time
	DeletedAt       *time.Time
	Version         int64
	CreatedAt       time.Time
	Media           *string
	Reactions       *string
}

// messageSelect shows messages `m` of conversations `c`, which the caller's from
// clause provides.
const messageSelect = `
	select m.id, m.conversation_id, m.seq, m.direction, m.kind, m.text, m.content, m.raw_type, m.status, m.provider_id, m.client_id,
	       m.sender_kind, m.sender_id, m.sender_name, c.contact_id, ct.name contact_name, k.kind key_kind, k.value key_value, ci.username,
	       m.reply_to_provider_id reply_provider_id, r.id reply_id, r.seq reply_seq, r.kind reply_kind, left(r.text, 300) reply_text,
	       r.sender_kind reply_sender_kind, r.sender_id reply_sender_id, r.sender_name reply_sender_name,
	       m.provider_at, m.sent_at, m.delivered_at, m.read_at, m.played_at, m.failed_at, m.error, m.edited_at, m.deleted_at, m.version,
	       m.created_at, media.list media, reactions.list reactions`

const messageJoins = `
	join contacts ct on ct.id = c.contact_id
	join contact_identities ci on ci.id = c.identity_id
	left join lateral (
		select kind, value from identity_keys where identity_id = c.identity_id order by kind desc limit 1) k on true
	left join lateral (
		select id, seq, kind, text, sender_kind, sender_id, sender_name from messages q
		where q.id = m.reply_to_id
		   or (m.reply_to_id is null and q.channel_id = m.channel_id and q.provider_id = m.reply_to_provider_id)
		limit 1) r on true
	left join lateral (
		select jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'mime', mime, 'size', size, 'name', name, 'url', null, 'state', state)
		       order by position)::text list
		from media where message_id = m.id) media on true
	left join lateral (
		select jsonb_agg(jsonb_build_object('emoji', emoji, 'sender_kind', sender_kind, 'sender_id', sender_id, 'sender_name', sender_name,
		       'at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by at)::text list
		from message_reactions where message_id = m.id and emoji <> '') reactions on true`

// eventRow is a transition of the timeline.
type eventRow struct {
	ID             uuid.UUID
	ConversationID uuid.UUID
	Seq            int64
	Kind           string
	ActorKind      string
	ActorID        *uuid.UUID
	ActorName      string
	Data           string
	At             time.Time
}

const eventSelect = `
	select id, conversation_id, seq, kind, actor_kind, actor_id, actor_name, data, at
	from conversation_events`

// thread is one page as read: rows in ascending seq and what lies beyond them.
type thread struct {
	page          []timelineRow
	before, after bool
}

// timelineRow is a message or an event.
type timelineRow struct {
	seq     int64
	message *messageRow
	event   *eventRow
}

func (r timelineRow) view(pii bool) Message {
	if r.message != nil {
		return r.message.view(pii)
	}
	return r.event.view()
}

// listMessages reads the right to see the conversation and the page in one round trip. Each of messages and events is one range of its unique index on
// (conversation_id, seq).
func listMessages(ctx context.Context, d *db.Tenant, in ListMessages) (thread, error) {
	scope := tenancy.From(ctx)
	var messages []messageRow
	var events []eventRow
	condition, edge, order := "seq < $2", in.Before, "desc"
	if in.After != nil {
		condition, edge, order = "seq > $2", *in.After, "asc"
	}
	err := d.Direct(ctx, func(conn *pgx.Conn) error {
		batch := &pgx.Batch{}
		p := reader(scope)
		var visibleTo bool
		batch.Queue(`select $1::uuid is not null from conversations c where c.id = `+p.add(in.ConversationID)+` and `+visible(scope, &p), p...).
			QueryRow(func(r pgx.Row) error { return r.Scan(&visibleTo) })
		batch.Queue(messageSelect+`
	from (
		select * from messages where conversation_id = $1 and `+condition+` order by seq `+order+` limit $3) m
	join conversations c on c.id = m.conversation_id`+messageJoins+`
	order by m.seq `+order, in.ConversationID, edge, in.Limit+1).Query(func(r pgx.Rows) (err error) {
			messages, err = pgx.CollectRows(r, pgx.RowToStructByName[messageRow])
			return err
		})
		if slices.Contains(in.Include, "events") {
			batch.Queue(eventSelect+`
	where conversation_id = $1 and `+condition+` order by seq `+order+` limit $3`, in.ConversationID, edge, in.Limit+1).Query(func(r pgx.Rows) (err error) {
				events, err = pgx.CollectRows(r, pgx.RowToStructByName[eventRow])
				return err
			})
		}
		return conn.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return thread{}, err
	}
	return merge(messages, events, in), nil
}

// merge puts both kinds of rows into one ascending page.
func merge(messages []messageRow, events []eventRow, in ListMessages) thread {
	rows := make([]timelineRow, 0, len(messages)+len(events))
	for i := range messages {
		rows = append(rows, timelineRow{messages[i].Seq, &messages[i], nil})
	}
	for i := range events {
		rows = append(rows, timelineRow{events[i].Seq, nil, &events[i]})
	}
	slices.SortFunc(rows, func(a, b timelineRow) int { return int(a.seq - b.seq) })
	more := len(rows) > in.Limit
	if in.After != nil {
		return thread{page: rows[:min(len(rows), in.Limit)], before: *in.After > 0, after: more}
	}
	return thread{page: rows[max(0, len(rows)-in.Limit):], before: more, after: in.Before < maxSeq}
}

const maxSeq = 1<<63 - 1

func getMessage(ctx context.Context, d *db.Tenant, id uuid.UUID) (row messageRow, err error) {
	scope := tenancy.From(ctx)
	p := reader(scope)
	err = d.Direct(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, messageSelect+`
	from messages m
	join conversations c on c.id = m.conversation_id`+messageJoins+`
	where $1::uuid is not null
	  and m.id = `+p.add(id)+`
	  and `+visible(scope, &p), p...)
		if err != nil {
			return err
		}
		row, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[messageRow])
		return err
	})
	return row, err
}

// messagesByID shows messages to the system.
func messagesByID(batch *pgx.Batch, list []uuid.UUID, each func(messageRow)) {
	batch.Queue(messageSelect+`
	from messages m
	join conversations c on c.id = m.conversation_id`+messageJoins+`
	where m.id = any($1)`, list).Query(collect(each))
}

func eventsByID(batch *pgx.Batch, list []uuid.UUID, each func(eventRow)) {
	batch.Queue(eventSelect+`
	where id = any($1)`, list).Query(collect(each))
}

func listAttempts(ctx context.Context, q db.Queryer, message uuid.UUID) ([]Attempt, error) {
	type row struct {
		N            int          `db:"n"`
		StartedAt    domain.Time  `db:"started_at"`
		FinishedAt   *domain.Time `db:"finished_at"`
		Outcome      *string      `db:"outcome"`
		ProviderCode *string      `db:"provider_code"`
	}
	rows, err := db.All[row](ctx, q, `
		select n, started_at, finished_at, outcome, provider_code
		from message_attempts
		where message_id = $1
		order by n`, message)
	list := make([]Attempt, len(rows))
	for i, r := range rows {
		list[i] = Attempt{r.N, r.StartedAt, r.FinishedAt, r.Outcome, r.ProviderCode}
	}
	return list, err
}

func (r messageRow) view(pii bool) Message {
	m := Message{
		ID: r.ID, ConversationID: r.ConversationID, Seq: r.Seq, Direction: r.Direction, Kind: r.Kind, Text: r.Text, RawType: r.RawType,
		Media: []Media{}, Status: r.Status, ProviderID: r.ProviderID, ClientID: r.ClientID,
		StatusAt: StatusAt{at(r.SentAt), at(r.DeliveredAt), at(r.ReadAt), at(r.PlayedAt), at(r.FailedAt)},
		Sender:   Sender{r.SenderKind, r.SenderID, r.SenderName}, Reactions: []Reaction{},
		ProviderAt: at(r.ProviderAt), CreatedAt: domain.At(r.CreatedAt), EditedAt: at(r.EditedAt), DeletedAt: at(r.DeletedAt), Version: r.Version,
	}
	contact := r.contactName(pii)
	if r.SenderKind == "contact" {
		m.Sender.Name = contact
	}
	// A file's own data holds the platform's address of it, which is not for clients.
	if r.Content != nil && r.Media == nil {
		m.Content = jsontext.Value(*r.Content)
	}
	if r.ReplyID != nil {
		m.ReplyTo = &Quote{*r.ReplyID, *r.ReplySeq, *r.ReplyKind, r.ReplyText, Sender{*r.ReplySenderKind, r.ReplySenderID, *r.ReplySenderName}}
		if *r.ReplySenderKind == "contact" {
			m.ReplyTo.Sender.Name = contact
		}
	} else if r.ReplyProviderID != nil {
		m.ReplyTo = &Quote{Kind: "unsupported", Sender: Sender{Kind: "system"}}
	}
	// What follows was written by this package and by jsonb_build_object.
	if r.Error != nil {
		m.Error = &MessageError{}
		_ = json.Unmarshal([]byte(*r.Error), m.Error)
	}
	if r.Media != nil {
		_ = json.Unmarshal([]byte(*r.Media), &m.Media)
	}
	if r.Reactions != nil {
		var list []struct {
			Emoji      string      `json:"emoji"`
			SenderKind string      `json:"sender_kind"`
			SenderID   uuid.UUID   `json:"sender_id"`
			SenderName string      `json:"sender_name"`
			At         domain.Time `json:"at"`
		}
		_ = json.Unmarshal([]byte(*r.Reactions), &list)
		for _, l := range list {
			s := Sender{l.SenderKind, &l.SenderID, l.SenderName}
			if l.SenderKind == "contact" {
				s.Name = contact
			}
			m.Reactions = append(m.Reactions, Reaction{l.Emoji, s, l.At})
		}
	}
	return m
}

func (r messageRow) contactName(pii bool) string {
	identity := IdentityRef{Username: r.Username}
	if r.KeyKind != nil {
		identity.Value = shown(*r.KeyKind, *r.KeyValue, pii)
	}
	return named(r.ContactName, identity)
}

func (r eventRow) view() Message {
	actor := Sender{r.ActorKind, r.ActorID, r.ActorName}
	return Message{
		ID: r.ID, ConversationID: r.ConversationID, Seq: r.Seq, Kind: "event", Media: []Media{}, Reactions: []Reaction{}, Sender: actor,
		Event: &Event{r.Kind, actor, jsontext.Value(r.Data)}, CreatedAt: domain.At(r.At), Version: 1,
	}
}
