package chat

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// HandOver takes the open conversations of somebody who goes, in the transaction in
// which they go. They become to's, in the state they are in; for nil UUID they wait in
// their teams' queues, as does what was only offered. It returns how many there were.
func HandOver(ctx context.Context, tx *db.Tx, from, to uuid.UUID) (int, error) {
	held, err := lockHeld(ctx, tx, from)
	if err != nil || len(held) == 0 {
		return 0, err
	}
	if err := writeHandOver(ctx, tx, held, to); err != nil {
		return 0, err
	}
	changes := make([]db.Change, 0, 2*len(held))
	for _, h := range held {
		changes = append(changes,
			db.Change{Name: conversationEvent, Entity: entityEvent, EntityID: h.event, ConversationID: h.ID},
			db.Change{Name: conversationUpdated, Entity: entityConversation, EntityID: h.ID, ConversationID: h.ID})
	}
	if _, err := withLive(ctx, tx, changes); err != nil {
		return 0, err
	}
	for i := range changes {
		live, ok := changes[i].Live.(domain.Live)
		if !ok {
			continue
		}
		before := live.Audience
		before.Assignee, before.OfferedTo, before.Queued = from, from, false
		live.Before = &before
		changes[i].Live = live
	}
	return len(held), db.AppendChange(ctx, tx, changes...)
}

// heldRow is a conversation somebody has, or is offered, under its lock.
type heldRow struct {
	ID       uuid.UUID
	Assigned bool
	event    uuid.UUID
}

func lockHeld(ctx context.Context, tx *db.Tx, user uuid.UUID) (held []heldRow, err error) {
	err = db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			select id, assignee_id is not null assigned
			from conversations
			where status not in ('resolved', 'closed') and (assignee_id = $1 or offered_to = $1)
			order by id
			for update`, user)
		if err != nil {
			return err
		}
		held, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[heldRow])
		return err
	})
	for i := range held {
		held[i].event = db.NewID()
	}
	return held, err
}

// writeHandOver gives each conversation its next owner and its event, in one statement.
func writeHandOver(ctx context.Context, tx *db.Tx, held []heldRow, to uuid.UUID) error {
	var id, event []uuid.UUID
	var passes []bool // on to somebody; else back to the queue
	for _, h := range held {
		id, event, passes = append(id, h.ID), append(event, h.event), append(passes, h.Assigned && to != uuid.Nil)
	}
	return db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with held as (
				select * from unnest($1::uuid[], $2::uuid[], $3::boolean[]) h(id, event, passes)
			), told as (
				insert into conversation_events (id, conversation_id, seq, kind, actor_kind, actor_id, actor_name, data)
				select h.event, h.id, c.last_seq + 1, case when h.passes then 'assigned' else 'queued' end, 'user', $5::uuid,
				       coalesce((select name from memberships where user_id = $5), ''),
				       jsonb_strip_nulls(jsonb_build_object('reason', 'member_left', 'assignee_id', case when h.passes then $4::uuid end))::text
				from held h join conversations c on c.id = h.id
			)
			update conversations c
			set last_seq = c.last_seq + 1,
			    status = case when h.passes then c.status else 'queued' end,
			    assignee_id = case when h.passes then $4::uuid end,
			    offered_to = null,
			    snoozed_until = case when h.passes then c.snoozed_until end,
			    queued_at = case when h.passes then c.queued_at else now() end,
			    owner_epoch = c.owner_epoch + 1,
			    version = c.version + 1,
			    updated_at = now()
			from held h
			where c.id = h.id`,
			id, event, passes, to, tenancy.From(ctx).UserID)
		return err
	})
}
