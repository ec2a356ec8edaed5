package access

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
)

// roleRow is a role with what it gives.
type roleRow struct {
	ID          uuid.UUID `db:"id"`
	Permissions db.Texts  `db:"permissions"`
	Scopes      db.Texts  `db:"scopes"`
}

func roleByKey(ctx context.Context, q db.Queryer, key string) (roleRow, error) {
	return db.One[roleRow](ctx, q, `select id, permissions, scopes from roles where key = $1`, key)
}
