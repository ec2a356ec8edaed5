package chat

import (
	"bytes"
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// sendLock is a conversation under its lock, as Send needs it.
type sendLock struct {
	ID              uuid.UUID    `db:"id"`
	ChannelID       uuid.UUID    `db:"channel_id"`
	Status          string       `db:"status"`
	OwnerEpoch      int64        `db:"owner_epoch"`
	LastSeq         int64        `db:"last_seq"`
	LastForeignSeq  int64        `db:"last_foreign_seq"` // of the newest message by anyone but the caller
	WindowExpiresAt *domain.Time `db:"window_expires_at"`
	ExistingID      *uuid.UUID   `db:"existing_id"` // under the same client id
	ExistingHash    []byte       `db:"existing_hash"`
	ReplyKnown      bool         `db:"reply_known"`
	AuthorName      string       `db:"author_name"`
}

// lockForSend returns NotFound for a conversation the caller may not see. The first
// writer of a client id holds this lock, so its row is seen by the second.
func lockForSend(ctx context.Context, tx *db.Tx, in SendMessage) (sendLock, error) {
	scope := tenancy.From(ctx)
	p := params{scope.Actor()}
	id, client, reply := p.add(in.ConversationID), p.add(in.ClientID), p.add(in.ReplyTo)
	where := visible(scope, &p)
	batch := &pgx.Batch{}
	batch.Queue(`select from conversations where id = $1 for update`, in.ConversationID)
	var locks []sendLock
	batch.Queue(`
		select c.id, c.channel_id, c.status, c.owner_epoch, c.last_seq, c.window_expires_at,
		       coalesce((select seq from messages
		                 where conversation_id = c.id and sender_id is distinct from $1
		                 order by seq desc limit 1), 0) last_foreign_seq,
		       m.id existing_id, m.client_hash existing_hash,
		       exists (select from messages where id = `+reply+`::uuid and conversation_id = c.id) reply_known,
		       coalesce((select name from memberships where user_id = $1), (select name from api_keys where id = $1), '') author_name
		from conversations c
		left join messages m on m.client_id = `+client+`
		where c.id = `+id+`
		  and `+where, p...).Query(collect(func(c sendLock) { locks = append(locks, c) }))
	err := db.Bulk(ctx, tx, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
	if err == nil && len(locks) == 0 {
		err = domain.ErrNotFound
	}
	if err != nil {
		return sendLock{}, err
	}
	return locks[0], nil
}

// repeated returns the message that was sent under the client id before.
func repeated(ctx context.Context, tx *db.Tx, c sendLock, hash []byte) (Message, error) {
	if !bytes.Equal(c.ExistingHash, hash) {
		return Message{}, ErrClientIDReused
	}
	message, err := viewMessage(ctx, tx, *c.ExistingID)
	message.repeated = true
	return message, err
}

// insertOutgoing stores the message behind the conversation's last seq and, when the
// caller takes the conversation with it, that event before it. It returns the
// event's id, or nil UUID.
func insertOutgoing(ctx context.Context, tx *db.Tx, c sendLock, in SendMessage, id uuid.UUID, hash []byte) (uuid.UUID, error) {
	scope := tenancy.From(ctx)
	author, takes := "user", c.takenBy(scope)
	if scope.KeyID != uuid.Nil {
		author = "system"
	}
	var event uuid.UUID
	seq := c.LastSeq + 1
	if takes {
		event = db.NewID()
		seq++
	}
	return event, db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with taken as (
				insert into conversation_events (id, conversation_id, seq, kind, actor_kind, actor_id, actor_name)
				select $1, $2, $3 - 1, 'assigned', 'user', $4, $5
				where $6
			), stored as (
				insert into messages (id, conversation_id, channel_id, seq, direction, kind, text, status, client_id, client_hash,
				                      sender_kind, sender_id, sender_name, reply_to_id)
				values ($7, $2, $8, $3, 'out', $9, $10, 'queued', $11, $12, $14, $4, $5, $13)
			)
			update conversations
			set last_seq = $3, last_message_id = $7, last_message_at = now(), last_outbound_at = now(), waiting_since = null,
			    answered_count = inbound_count, first_human_reply_at = coalesce(first_human_reply_at, case when $14 = 'user' then now() end),
			    status = case when $6 then 'active' else status end,
			    assignee_id = case when $6 then $4 else assignee_id end,
			    offered_to = case when $6 then null else offered_to end,
			    accepted_at = case when $6 then now() else accepted_at end,
			    owner_epoch = owner_epoch + case when $6 then 1 else 0 end,
			    version = version + 1, updated_at = now()
			where id = $2`,
			event, c.ID, seq, scope.Actor(), c.AuthorName, takes,
			id, c.ChannelID, in.Kind, in.Text, in.ClientID, hash, in.ReplyTo, author)
		return err
	})
}

// retryLock is a message under its conversation's lock, as Retry needs it.
type retryLock struct {
	ConversationID  uuid.UUID    `db:"conversation_id"`
	Status          string       `db:"status"`
	Direction       string       `db:"direction"`
	Retryable       bool         `db:"retryable"`
	LastAttemptAt   domain.Time  `db:"last_attempt_at"`
	WindowExpiresAt *domain.Time `db:"window_expires_at"`
}

func lockForRetry(ctx context.Context, tx *db.Tx, id uuid.UUID) (retryLock, error) {
	scope := tenancy.From(ctx)
	p := reader(scope)
	message := p.add(id)
	where := visible(scope, &p)
	return db.One[retryLock](ctx, tx, `
		select c.id conversation_id, m.status, m.direction, c.window_expires_at,
		       coalesce((m.error::jsonb->>'retryable')::boolean, false) retryable,
		       coalesce((select max(started_at) from message_attempts where message_id = m.id), m.created_at) last_attempt_at
		from conversations c
		join messages m on m.conversation_id = c.id
		where $1::uuid is not null
		  and m.id = `+message+`
		  and `+where+`
		for update of c`, p...)
}

// requeue forgets the failure. The next attempt gets a client key of its own, so a
// late status of the last one does not touch it.
func requeue(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `
		update messages
		set status = 'queued', provider_id = null, error = null, failed_at = null, next_attempt_at = null, version = version + 1
		where id = $1 and status in ('failed', 'unknown')`, id))
}

func messageInTx(ctx context.Context, tx *db.Tx, id uuid.UUID) (messageRow, error) {
	rows, err := withLive(ctx, tx, []db.Change{{Entity: entityMessage, EntityID: id}})
	if err != nil {
		return messageRow{}, err
	}
	row, ok := rows.messages[id]
	if !ok {
		return messageRow{}, domain.ErrNotFound
	}
	return row, nil
}
