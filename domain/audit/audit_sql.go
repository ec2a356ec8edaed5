package audit

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

type entryRow struct {
	TenantID  uuid.UUID   `db:"tenant_id"`
	ID        uuid.UUID   `db:"id"`
	At        domain.Time `db:"at"`
	ActorKind string      `db:"actor_kind"`
	ActorID   *uuid.UUID  `db:"actor_id"`
	Action    string      `db:"action"`
	Object    string      `db:"object"`
	ObjectID  *uuid.UUID  `db:"object_id"`
	Before    *string     `db:"before"`
	After     *string     `db:"after"`
	IP        string      `db:"ip"`
	UserAgent string      `db:"user_agent"`
	RequestID string      `db:"request_id"`
	ChainNo   *int64      `db:"chain_no"`
	Hash      []byte      `db:"hash"`
}

const entryColumns = `e.tenant_id, e.id, e.at, e.actor_kind, e.actor_id, e.action, e.object, e.object_id, e.before::text before, e.after::text after,
	e.ip, e.user_agent, e.request_id, e.chain_no, e.hash`

const insertText = `
	insert into audit_entries (tenant_id, id, actor_kind, actor_id, action, object, object_id, before, after, ip, user_agent, request_id)
	values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10, $11, $12)`

func insertEntry(ctx context.Context, tx *db.Tx, e entryRow) error {
	_, err := db.Exec(ctx, tx, insertText,
		e.TenantID, e.ID, e.ActorKind, e.ActorID, e.Action, e.Object, e.ObjectID, e.Before, e.After, e.IP, e.UserAgent, e.RequestID)
	return err
}

func insertEntryFor(ctx context.Context, tx *db.PlatformTx, e entryRow) error {
	_, err := db.Exec(ctx, tx, insertText,
		e.TenantID, e.ID, e.ActorKind, e.ActorID, e.Action, e.Object, e.ObjectID, e.Before, e.After, e.IP, e.UserAgent, e.RequestID)
	return err
}
