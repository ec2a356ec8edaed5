package realtime

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// rows are conversations and messages, as far as sockets need them: the real tables.
type rows struct{ db *db.Tenant }

type conversationRow struct {
	ID       uuid.UUID  `db:"id"`
	Channel  uuid.UUID  `db:"channel_id"`
	Assignee *uuid.UUID `db:"assignee_id"`
	Team     *uuid.UUID `db:"team_id"`
	Status   string     `db:"status"`
	Subject  *string    `db:"subject"`
	Inbound  int64      `db:"inbound_count"`
	Answered int64      `db:"answered_count"`
	LastSeq  int64      `db:"last_seq"`
	Version  int64      `db:"version"`
}

const conversationColumns = `id, channel_id, assignee_id, team_id, status, subject, inbound_count, answered_count, last_seq, version`

func (r conversationRow) audience() domain.Audience {
	a := domain.Audience{Channel: r.Channel, Queued: r.Status == "queued"}
	if r.Assignee != nil {
		a.Assignee = *r.Assignee
	}
	if r.Team != nil {
		a.Team = *r.Team
	}
	return a
}

// conversation makes a row, queued for a team or assigned to a person.
func (s *stage) conversation(ctx context.Context, team, assignee uuid.UUID) uuid.UUID {
	s.t.Helper()
	id, channel, contact, identity := db.NewID(), db.NewID(), db.NewID(), db.NewID()
	status, to, of := "queued", (*uuid.UUID)(nil), (*uuid.UUID)(nil)
	if assignee != uuid.Nil {
		status, to = "active", &assignee
	}
	if team != uuid.Nil {
		of = &team
	}
	require.NoError(s.t, s.Tenant.Tx(ctx, func(tx *db.Tx) error {
		for _, one := range []struct {
			sql  string
			args []any
		}{
			{`insert into channels (id, kind, name, status, identity_scope, sealed_credentials, token_last4)
				values ($1, 'whatsapp', 'Support line', 'connected', 'waba', '', '0000')`, []any{channel}},
			{`insert into contacts (id, name, first_seen_at, last_seen_at) values ($1, 'Otieno', now(), now())`, []any{contact}},
			{`insert into contact_identities (id, contact_id, family, scope) values ($1, $2, 'whatsapp', 'waba')`, []any{identity, contact}},
			{`insert into conversations (id, number, channel_id, contact_id, identity_id, status, assignee_id, team_id, opened_at, last_message_at)
				values ($1, (select coalesce(max(number), 0) + 1 from conversations), $2, $3, $4, $5, $6, $7, now(), now())`,
				[]any{id, channel, contact, identity, status, to, of}},
		} {
			if _, err := db.Exec(ctx, tx, one.sql, one.args...); err != nil {
				return err
			}
		}
		return nil
	}))
	return id
}

// receive stores a customer's message through a handle; known says whether the frame
// travels with the change or is to be read back.
func receive(t testing.TB, ctx context.Context, on *db.Tenant, conversation uuid.UUID, text string, known bool) uuid.UUID { //nolint:revive // t comes first
	t.Helper()
	id := db.NewID()
	require.NoError(t, on.Tx(ctx, func(tx *db.Tx) error {
		row, err := db.One[conversationRow](ctx, tx, `
			update conversations
			set last_seq = last_seq + 1, inbound_count = inbound_count + 1, version = version + 1, last_message_at = now()
			where id = $1
			returning `+conversationColumns, conversation)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `
			insert into messages (id, conversation_id, channel_id, seq, direction, kind, text, status, sender_kind)
			values ($1, $2, $3, $4, 'in', 'text', $5, 'received', 'contact')`, id, conversation, row.Channel, row.LastSeq, text)
		if err != nil {
			return err
		}
		change := db.Change{Name: "message.created", Entity: "message", EntityID: id, ConversationID: conversation}
		if known {
			change.Live = messageLive(row, messageRow{id, conversation, row.LastSeq, text})
		}
		return db.AppendChange(ctx, tx, change)
	}))
	return id
}

// assign gives the conversation to a person of the team, and tells whom it left.
func assign(t testing.TB, ctx context.Context, on *db.Tenant, conversation, assignee uuid.UUID, known bool) { //nolint:revive // t comes first
	t.Helper()
	require.NoError(t, on.Tx(ctx, func(tx *db.Tx) error {
		before, err := db.One[conversationRow](ctx, tx, `select `+conversationColumns+` from conversations where id = $1 for update`, conversation)
		if err != nil {
			return err
		}
		row, err := db.One[conversationRow](ctx, tx, `
			update conversations set assignee_id = $2, status = 'active', version = version + 1 where id = $1
			returning `+conversationColumns, conversation, assignee)
		if err != nil {
			return err
		}
		change := db.Change{Name: "conversation.updated", Entity: "conversation", EntityID: conversation, ConversationID: conversation}
		if known {
			live := conversationLive(row)
			was := before.audience()
			live.Before = &was
			change.Live = live
		}
		changes := []db.Change{change}
		if before.Assignee != nil {
			changes = append(changes, db.Change{Name: removed, Entity: "conversation", EntityID: conversation, ConversationID: conversation, UserID: *before.Assignee})
		}
		return db.AppendChange(ctx, tx, changes...)
	}))
}

// markRead moves the person's marker to the end and tells their screens.
func markRead(t testing.TB, ctx context.Context, on *db.Tenant, conversation uuid.UUID) { //nolint:revive // t comes first
	t.Helper()
	user := tenancy.From(ctx).UserID
	require.NoError(t, on.Tx(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			insert into read_markers (user_id, conversation_id, seq, inbound_count)
			select $1, id, last_seq, inbound_count from conversations where id = $2
			on conflict (tenant_id, user_id, conversation_id) do update set seq = excluded.seq, inbound_count = excluded.inbound_count`, user, conversation)
		if err != nil {
			return err
		}
		return db.AppendChange(ctx, tx, db.Change{Name: "read.changed", Entity: "read_marker", EntityID: conversation, ConversationID: conversation, UserID: user,
			Live: domain.Live{Data: []byte(`{"conversation_id":"` + conversation.String() + `"}`)}})
	}))
}

type messageRow struct {
	ID             uuid.UUID `db:"id"              json:"id"`
	ConversationID uuid.UUID `db:"conversation_id" json:"conversation_id"`
	Seq            int64     `db:"seq"             json:"seq"`
	Text           string    `db:"text"            json:"text"`
}

func conversationLive(r conversationRow) domain.Live {
	subject := ""
	if r.Subject != nil {
		subject = *r.Subject
	}
	shown := func(contact string) json.RawMessage {
		data, _ := json.Marshal(map[string]any{"id": r.ID, "status": r.Status, "subject": subject, "contact": contact, "unread": -1, "version": r.Version}) // plain values
		return data
	}
	return domain.Live{Data: shown("+254711000222"), Masked: shown("•••• 0222"), Audience: r.audience(), InboundCount: r.Inbound, AnsweredCount: r.Answered}
}

func messageLive(r conversationRow, m messageRow) domain.Live {
	data, _ := json.Marshal(map[string]any{"message": m, "conversation": map[string]any{"id": r.ID, "last_seq": r.LastSeq, "unread": -1}}) // plain values
	return domain.Live{Data: data, Audience: r.audience(), InboundCount: r.Inbound, AnsweredCount: r.Answered}
}

// load reads frames back, as Config.Load is to.
func (r rows) load(ctx context.Context, changes []db.Change) ([]domain.Live, error) {
	var conversations, messages []uuid.UUID
	for _, c := range changes {
		conversations, messages = append(conversations, c.ConversationID), append(messages, c.EntityID)
	}
	found, err := db.All[conversationRow](ctx, r.db, `select `+conversationColumns+` from conversations where id = any($1)`, conversations)
	if err != nil {
		return nil, err
	}
	texts, err := db.All[messageRow](ctx, r.db, `select id, conversation_id, seq, text from messages where id = any($1)`, messages)
	if err != nil {
		return nil, err
	}
	lives := make([]domain.Live, len(changes))
	for i, c := range changes {
		at := slices.IndexFunc(found, func(row conversationRow) bool { return row.ID == c.ConversationID })
		if at < 0 {
			continue
		}
		switch c.Entity {
		case "conversation":
			lives[i] = conversationLive(found[at])
		case "message":
			if m := slices.IndexFunc(texts, func(m messageRow) bool { return m.ID == c.EntityID }); m >= 0 {
				lives[i] = messageLive(found[at], texts[m])
			}
		case "read_marker":
			lives[i] = domain.Live{Data: []byte(`{"conversation_id":"` + c.ConversationID.String() + `"}`)}
		}
	}
	return lives, nil
}

func (r rows) visible(ctx context.Context, conversation uuid.UUID) error {
	row, err := db.One[conversationRow](ctx, r.db, `select `+conversationColumns+` from conversations where id = $1`, conversation)
	if err != nil {
		return err
	}
	if !tenancy.From(ctx).Sees(row.audience()) {
		return domain.ErrNotFound
	}
	return nil
}

func (r rows) counts(ctx context.Context) (json.RawMessage, error) {
	open, err := db.One[int64](ctx, r.db, `select count(*) from conversations where status not in ('resolved', 'closed')`)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]int64{"open": open})
}

func (r rows) markers(ctx context.Context, conversations, users []uuid.UUID) ([]domain.Marker, error) {
	return db.All[domain.Marker](ctx, r.db, `
		select conversation_id, user_id, inbound_count
		from read_markers
		where conversation_id = any($1) and user_id = any($2)`, conversations, users)
}
