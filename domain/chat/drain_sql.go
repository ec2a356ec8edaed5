package chat

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/channels"
)

// outgoing is a message whose attempt is open.
type outgoing struct {
	ID              uuid.UUID    `db:"id"`
	ChannelID       uuid.UUID    `db:"channel_id"`
	Kind            string       `db:"kind"`
	Text            *string      `db:"text"`
	Attempt         int          `db:"attempt"`
	WindowExpiresAt *domain.Time `db:"window_expires_at"`
	KeyList         string       `db:"key_list"` // JSON
	ReplyProviderID *string      `db:"reply_provider_id"`
}

func (m outgoing) text() string {
	if m.Text == nil {
		return ""
	}
	return *m.Text
}

func (m outgoing) replyTo() string {
	if m.ReplyProviderID == nil {
		return ""
	}
	return *m.ReplyProviderID
}

func (m outgoing) keys() []channels.IdentityKey {
	var list []channels.IdentityKey
	_ = json.Unmarshal([]byte(m.KeyList), &list) // made by jsonb_build_object in the statement below
	return list
}

// queueHead is the conversation under its lock and the first message it has to send.
type queueHead struct {
	Busy          bool         `db:"busy"` // another process is at it
	SendingUntil  *domain.Time `db:"sending_until"`
	ChannelReady  bool         `db:"channel_ready"`
	MessageID     *uuid.UUID   `db:"message_id"`
	Attempt       *int         `db:"attempt"`
	OpenAttempt   bool         `db:"open_attempt"`
	NextAttemptAt *domain.Time `db:"next_attempt_at"`
	Waits         bool         `db:"waits"` // until NextAttemptAt
}

// claim settles the attempt just made, if any, and opens the next one, in one
// transaction: the conversation is released only if nothing is left to send, so no
// message falls between two jobs. nil means there is nothing to do now.
func (o *Outbox) claim(ctx context.Context, conversation uuid.UUID, last *result, makeWay bool) (next *outgoing, err error) {
	err = o.DB.Tx(ctx, func(tx *db.Tx) error {
		next = nil
		head, err := lockQueue(ctx, tx, conversation)
		if err != nil {
			return err
		}
		if head.Busy && last == nil {
			// Should that process die, somebody must look again.
			return db.EnqueueAt(ctx, tx, head.SendingUntil.Time, SendQueued{conversation})
		}
		var changes []db.Change
		if last != nil {
			settled, err := settleAttempt(ctx, tx, *last)
			if err != nil {
				return err
			}
			if settled.Moved {
				changes = append(changes, statusChange(conversation, last.ID))
			}
			if last.verdict().park {
				if err := parkChannel(ctx, tx, *last); err != nil {
					return err
				}
			}
			if head, err = lockQueue(ctx, tx, conversation); err != nil {
				return err
			}
			if settled.Late {
				// The attempt was settled before: another process took over when the lease
				// ran out, or this is the second try of a commit whose answer was lost. What
				// is open is not for us to judge; somebody looks when its lease is over.
				if err := announce(ctx, tx, changes); err != nil || !head.Busy {
					return err
				}
				return db.EnqueueAt(ctx, tx, head.SendingUntil.Time, SendQueued{conversation})
			}
		}
		// An attempt found open belongs to a process that died between the call and its
		// answer: nobody knows, and it must not be repeated.
		for head.MessageID != nil && head.OpenAttempt {
			if err := markUnknown(ctx, tx, *head.MessageID); err != nil {
				return err
			}
			changes = append(changes, statusChange(conversation, *head.MessageID))
			if head, err = lockQueue(ctx, tx, conversation); err != nil {
				return err
			}
		}
		if err := announce(ctx, tx, changes); err != nil {
			return err
		}
		switch {
		case head.MessageID == nil || !head.ChannelReady:
			return release(ctx, tx, conversation)
		case head.Waits:
			// Later messages wait behind it: order is kept.
			if err := db.EnqueueAt(ctx, tx, head.NextAttemptAt.Time, SendQueued{conversation}); err != nil {
				return err
			}
			return release(ctx, tx, conversation)
		case makeWay:
			if err := db.Enqueue(ctx, tx, SendQueued{conversation}); err != nil {
				return err
			}
			return release(ctx, tx, conversation)
		}
		m, err := openAttempt(ctx, tx, conversation, *head.MessageID)
		next = &m
		return err
	})
	if err != nil {
		return nil, err
	}
	return next, nil
}

func announce(ctx context.Context, tx *db.Tx, changes []db.Change) error {
	if _, err := withLive(ctx, tx, changes); err != nil {
		return err
	}
	return db.AppendChange(ctx, tx, changes...)
}

// Times that processes agree on, the lease and the next attempt, are the database's:
// their own clocks may be minutes apart.
func lockQueue(ctx context.Context, tx *db.Tx, conversation uuid.UUID) (queueHead, error) {
	if _, err := db.One[uuid.UUID](ctx, tx, `select id from conversations where id = $1 for update`, conversation); err != nil {
		return queueHead{}, err
	}
	return db.One[queueHead](ctx, tx, `
		select coalesce(c.sending_until > now(), false) busy, c.sending_until,
		       ch.status not in ('reauth_required', 'disabled') channel_ready,
		       m.id message_id, m.attempt, m.next_attempt_at,
		       coalesce(m.next_attempt_at > now(), false) waits,
		       exists (select from message_attempts a where a.message_id = m.id and a.finished_at is null) open_attempt
		from conversations c
		join channels ch on ch.id = c.channel_id
		left join lateral (
			select id, attempt, next_attempt_at from messages
			where conversation_id = c.id and status = 'queued'
			order by seq limit 1) m on true
		where c.id = $1`, conversation)
}

func release(ctx context.Context, tx *db.Tx, conversation uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `update conversations set sending_until = null where id = $1`, conversation)
	return err
}

// openAttempt writes the attempt down before the call is made.
func openAttempt(ctx context.Context, tx *db.Tx, conversation, message uuid.UUID) (outgoing, error) {
	if _, err := db.Exec(ctx, tx, `
		update conversations set sending_until = clock_timestamp() + make_interval(secs => $2) where id = $1`, conversation, lease.Seconds()); err != nil {
		return outgoing{}, err
	}
	return db.One[outgoing](ctx, tx, `
		with opened as (
			update messages set attempt = attempt + 1, next_attempt_at = null where id = $1
			returning id, channel_id, conversation_id, kind, text, attempt, reply_to_id
		), noted as (
			insert into message_attempts (message_id, n) select id, attempt from opened
		)
		select m.id, m.channel_id, m.kind, m.text, m.attempt, c.window_expires_at, r.provider_id reply_provider_id,
		       coalesce((select jsonb_agg(jsonb_build_object('Kind', k.kind, 'Value', k.value) order by k.kind desc)::text
		                 from identity_keys k where k.identity_id = c.identity_id), '[]') key_list
		from opened m
		join conversations c on c.id = m.conversation_id
		left join messages r on r.id = m.reply_to_id`, message)
}

// settlement is what writing a result down met.
type settlement struct {
	Moved bool `db:"moved"` // the message has changed
	Late  bool `db:"late"`  // the attempt was settled before
}

// settleAttempt writes down what became of the call. A status webhook may have been
// faster: the message then keeps what it said. Taken for unknown meanwhile, it becomes
// what we know.
func settleAttempt(ctx context.Context, tx *db.Tx, r result) (settlement, error) {
	v := r.verdict()
	failure := ""
	if v.failure != nil {
		b, err := json.Marshal(v.failure)
		if err != nil {
			return settlement{}, fmt.Errorf("encode send error: %w", err)
		}
		failure = string(b)
	}
	return db.One[settlement](ctx, tx, `
		with before as (
			select a.finished_at is not null late,
			       m.status = 'queued' or m.status = 'unknown' and $6 in ('sent', 'failed') undecided
			from message_attempts a join messages m on m.id = a.message_id
			where a.message_id = $1 and a.n = $2
		), noted as (
			update message_attempts
			set finished_at = coalesce(finished_at, clock_timestamp()), outcome = $3, provider_id = nullif($4, ''), provider_code = nullif($5, '')
			where message_id = $1 and n = $2
		), moved as (
			update messages
			set status = case when undecided then $6 else status end,
			    provider_id = coalesce(provider_id, nullif($4, '')),
			    sent_at = case when $6 = 'sent' then coalesce(sent_at, now()) else sent_at end,
			    failed_at = case when undecided and $6 = 'failed' then now() else failed_at end,
			    error = case when undecided and $6 = 'failed' then nullif($7, '') else error end,
			    next_attempt_at = case when undecided and $6 = 'queued' and $8 > 0 then clock_timestamp() + make_interval(secs => $8) end,
			    version = version + 1
			from before
			where id = $1 and attempt = $2
			returning id
		)
		select exists (select from moved) moved, coalesce((select late from before), true) late`,
		r.ID, r.Attempt, v.outcome, r.providerID, v.code, v.status, failure, v.wait.Seconds())
}

func statusChange(conversation, message uuid.UUID) db.Change {
	return db.Change{Name: messageStatus, Entity: entityMessage, EntityID: message, ConversationID: conversation}
}

func markUnknown(ctx context.Context, tx *db.Tx, message uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `
		with noted as (
			update message_attempts set finished_at = clock_timestamp(), outcome = 'unknown' where message_id = $1 and finished_at is null
		)
		update messages set status = 'unknown', version = version + 1 where id = $1 and status = 'queued'`, message)
	return err
}

// parkChannel stops a channel whose credential is dead; its messages stay queued
// until someone signs in again.
func parkChannel(ctx context.Context, tx *db.Tx, r result) error {
	_, err := db.Exec(ctx, tx, `
		update channels
		set status = 'reauth_required', status_reason = $2, version = version + 1, updated_at = now()
		where id = $1 and status <> 'reauth_required'`, r.ChannelID, r.verdict().code)
	return err
}
