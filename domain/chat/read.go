package chat

import (
	"context"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// MarkRead says how far the caller has read; without a seq, to the end.
type MarkRead struct {
	ConversationID uuid.UUID `param:"id" json:"-"`
	Seq            *int64    `json:"seq" validate:"omitempty,min=0"`
}

// Read moves the caller's marker, in either direction, and tells their other screens.
func (c *Conversations) Read(ctx context.Context, in MarkRead) (Conversation, error) {
	user := tenancy.From(ctx).UserID
	err := c.DB.Tx(ctx, func(tx *db.Tx) error {
		marker, err := mark(ctx, tx, in)
		if err != nil {
			return err
		}
		if !marker.Moved {
			return nil
		}
		live, err := marker.live(user)
		if err != nil {
			return err
		}
		return db.AppendChange(ctx, tx, db.Change{
			Name: readChanged, Entity: entityReadMarker, EntityID: in.ConversationID, ConversationID: in.ConversationID, UserID: user, Live: live})
	})
	if err != nil {
		return Conversation{}, err
	}
	return c.Get(ctx, GetConversation{in.ConversationID})
}

// markerRow is a reader's marker beside the conversation's counts.
type markerRow struct {
	ConversationID uuid.UUID `db:"conversation_id"`
	Seq            int64     `db:"seq"`
	ReadCount      int64     `db:"read_count"`
	InboundCount   int64     `db:"inbound_count"`
	AnsweredCount  int64     `db:"answered_count"`
	Moved          bool      `db:"moved"`
}

// mark locks the conversation, as every writer does. The marker keeps how many
// customer messages lie before it, so that unread is a subtraction everywhere.
func mark(ctx context.Context, tx *db.Tx, in MarkRead) (markerRow, error) {
	scope := tenancy.From(ctx)
	p := reader(scope)
	id, seq := p.add(in.ConversationID), p.add(in.Seq)
	where := visible(scope, &p)
	return db.One[markerRow](ctx, tx, `
		with c as (
			select c.id, c.inbound_count, c.answered_count, least(coalesce(`+seq+`::bigint, c.last_seq), c.last_seq) seq
			from conversations c
			where c.id = `+id+`
			  and `+where+`
			for update
		), wanted as (
			select c.id, c.seq, c.inbound_count - (
				select count(*) from messages m where m.conversation_id = c.id and m.seq > c.seq and m.direction = 'in') read_count
			from c
		), moved as (
			insert into read_markers as old (user_id, conversation_id, seq, inbound_count)
			select $1, id, seq, read_count from wanted
			on conflict (tenant_id, user_id, conversation_id) do update
			set seq = excluded.seq, inbound_count = excluded.inbound_count, at = now()
			where (old.seq, old.inbound_count) is distinct from (excluded.seq, excluded.inbound_count)
			returning 1
		)
		select c.id conversation_id, w.seq, w.read_count, c.inbound_count, c.answered_count, exists (select from moved) moved
		from c join wanted w on w.id = c.id`, p...)
}

func (m markerRow) live(user uuid.UUID) (domain.Live, error) {
	data, err := jsonv2.Marshal(ReadFrame{m.ConversationID, user, m.Seq, m.ReadCount, max(m.InboundCount-m.ReadCount, 0)})
	return domain.Live{Data: data, Audience: domain.Audience{Participants: []uuid.UUID{user}},
		InboundCount: m.InboundCount, AnsweredCount: m.AnsweredCount}, err
}

// markerKey is whose marker, and where.
type markerKey struct{ user, conversation uuid.UUID }

func markersByKey(batch *pgx.Batch, set map[markerKey]bool, each func(markerKey, markerRow)) {
	var users, conversations []uuid.UUID
	for k := range set {
		users, conversations = append(users, k.user), append(conversations, k.conversation)
	}
	type row struct {
		markerRow
		UserID uuid.UUID `db:"user_id"`
	}
	batch.Queue(`
		select r.user_id, c.id conversation_id, r.seq, r.inbound_count read_count, c.inbound_count, c.answered_count, true moved
		from unnest($1::uuid[], $2::uuid[]) k (user_id, conversation_id)
		join read_markers r using (user_id, conversation_id)
		join conversations c on c.id = r.conversation_id`, users, conversations).
		Query(collect(func(r row) { each(markerKey{r.UserID, r.ConversationID}, r.markerRow) }))
}

// Markers returns how far these users have read these conversations; who has no
// marker is left out.
func (c *Conversations) Markers(ctx context.Context, conversations, users []uuid.UUID) ([]domain.Marker, error) {
	return db.All[domain.Marker](ctx, c.DB, `
		select conversation_id, user_id, inbound_count
		from read_markers
		where conversation_id = any($1) and user_id = any($2)`, ids(conversations), ids(users))
}
