package idempotency

import (
	"context"

	"baraza/db"
	"baraza/tenancy"
)

type row struct {
	Hash   []byte  `db:"request_hash"`
	Sealed []byte  `db:"sealed_answer"`
	Age    float64 `db:"age"`
}

func readRow(ctx context.Context, q db.Queryer, in Request) (row, error) {
	return db.One[row](ctx, q, `
		select request_hash, sealed_answer, extract(epoch from now() - created_at)::float8 age
		from idempotency_keys
		where caller = $1 and path = $2 and key = $3
		  and created_at > now() - interval '24 hours'`,
		tenancy.From(ctx).Actor(), in.Path, in.Key)
}

// takeText waits for another transaction that is taking the same key. No row comes
// back when that one commits; one that is a day old is written anew.
const takeText = `
	insert into idempotency_keys as k (tenant_id, caller, path, key, request_hash)
	values ($1, $2, $3, $4, $5)
	on conflict (tenant_id, caller, path, key) do update
	set request_hash = excluded.request_hash, sealed_answer = null, created_at = now()
	where k.created_at <= now() - interval '24 hours'`

func takeKey(ctx context.Context, tx *db.Tx, scope tenancy.Scope, in Request) error {
	return db.Must(db.Exec(ctx, tx, takeText, scope.TenantID, scope.Actor(), in.Path, in.Key, in.Hash))
}

func takeKeyFor(ctx context.Context, tx *db.PlatformTx, scope tenancy.Scope, in Request) error {
	return db.Must(db.Exec(ctx, tx, takeText, scope.TenantID, scope.Actor(), in.Path, in.Key, in.Hash))
}

func keepAnswer(ctx context.Context, q *db.Tenant, in Request, sealed []byte) error {
	return db.Must(db.Exec(ctx, q, `
		update idempotency_keys set sealed_answer = $4
		where caller = $1 and path = $2 and key = $3
		  and request_hash = $5`,
		tenancy.From(ctx).Actor(), in.Path, in.Key, sealed, in.Hash))
}

func sweep(ctx context.Context, platform *db.Platform) error {
	_, err := db.Exec(ctx, platform, `delete from idempotency_keys where created_at < now() - interval '24 hours'`)
	return err
}
