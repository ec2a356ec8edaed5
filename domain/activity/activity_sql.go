package activity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"baraza/db"
)

type row struct {
	tenant     uuid.UUID
	id         uuid.UUID
	user       uuid.UUID
	kind       string
	path       string
	durationMS int64
	meta       string
	ip, agent  string
}

const insertText = `
	insert into activities (tenant_id, id, user_id, type, path, duration_ms, meta, ip, user_agent)
	values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9)`

func insertActivity(ctx context.Context, tx *db.Tx, r row) error {
	_, err := db.Exec(ctx, tx, insertText, r.tenant, r.id, r.user, r.kind, r.path, r.durationMS, r.meta, r.ip, r.agent)
	return err
}

func insertActivityFor(ctx context.Context, tx *db.PlatformTx, r row) error {
	_, err := db.Exec(ctx, tx, insertText, r.tenant, r.id, r.user, r.kind, r.path, r.durationMS, r.meta, r.ip, r.agent)
	return err
}

func deleteBefore(ctx context.Context, platform *db.Platform, at time.Time, limit int) (n int64, err error) {
	err = platform.Tx(ctx, func(tx *db.PlatformTx) error {
		n, err = db.Exec(ctx, tx, `
			delete from activities a
			using (select tenant_id, id from activities where at < $1 order by at limit $2) old
			where a.tenant_id = old.tenant_id and a.id = old.id`, at, limit)
		return err
	})
	return n, err
}
