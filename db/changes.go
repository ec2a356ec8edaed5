package db

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Change says that something became different. Each row of changes is one; a
// client that reconnects is told all it has missed.
type Change struct {
	ID uuid.UUID
	// Name of the event, as clients know it: message.created, conversation.updated, …
	Name string
	// Entity and EntityID say what to read again to show it: message, conversation, …
	Entity   string
	EntityID uuid.UUID
	// ConversationID it happened in; nil UUID when none.
	ConversationID uuid.UUID
	// UserID it is for alone; nil UUID when it is for whoever may see the entity.
	UserID uuid.UUID
	At     time.Time
	// Live is what the writer already knows of the frame, handed to OnCommit and not
	// stored. Without it the frame is read back.
	Live any
}

// AppendChange stores changes in the transaction of what they tell and announces
// them after its commit.
func AppendChange(ctx context.Context, tx *Tx, changes ...Change) error {
	if len(changes) == 0 {
		return nil
	}
	n := len(changes)
	ids, names, entities := make([]uuid.UUID, n), make([]string, n), make([]string, n)
	entityIDs, conversations, users := make([]uuid.UUID, n), make([]*uuid.UUID, n), make([]*uuid.UUID, n)
	for i := range changes {
		c := &changes[i]
		c.ID, c.At = NewID(), time.Now().UTC()
		ids[i], names[i], entities[i], entityIDs[i] = c.ID, c.Name, c.Entity, c.EntityID
		conversations[i], users[i] = nullable(c.ConversationID), nullable(c.UserID)
	}
	_, err := Exec(ctx, tx, `
		insert into changes (id, name, entity, entity_id, conversation_id, user_id)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[])`,
		ids, names, entities, entityIDs, conversations, users)
	if err != nil {
		return err
	}
	tx.changes = append(tx.changes, changes...)
	return nil
}

func nullable(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
