package audit

import (
	"context"

	"baraza/db"
	"baraza/domain"
)

type headRow struct {
	head
	SignedAt  domain.Time `db:"signed_at"`
	Signature []byte      `db:"signature"`
}

func signedHeads(ctx context.Context, q db.Queryer) ([]headRow, error) {
	return db.All[headRow](ctx, q, `
		select tenant_id, chain_no, hash, signed_at, signature
		from audit_heads
		order by chain_no`)
}

func chained(ctx context.Context, q db.Queryer, after int64, limit int) ([]entryRow, error) {
	return db.All[entryRow](ctx, q, `
		select `+entryColumns+`
		from audit_entries e
		where e.chain_no > $1
		order by e.chain_no
		limit $2`, after, limit)
}

func countWaiting(ctx context.Context, q db.Queryer) (int64, error) {
	return db.One[int64](ctx, q, `select count(*) from audit_entries where chain_no is null`)
}
