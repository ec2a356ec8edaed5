package audit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"baraza/db"
)

// onlyOne takes the sequencer's lock until the transaction ends, if nobody has it.
func onlyOne(ctx context.Context, tx *db.PlatformTx) (bool, error) {
	return db.One[bool](ctx, tx, `select pg_try_advisory_xact_lock(hashtext('audit sequencer'))`)
}

func unchained(ctx context.Context, tx *db.PlatformTx, limit int) ([]entryRow, error) {
	return db.All[entryRow](ctx, tx, `
		select `+entryColumns+`
		from audit_entries e
		where e.chain_no is null
		order by e.tenant_id, e.id
		limit $1`, limit)
}

// chainEnds returns where the chains of these entries' tenants end.
func chainEnds(ctx context.Context, tx *db.PlatformTx, entries []entryRow) (map[uuid.UUID]head, error) {
	ends := map[uuid.UUID]head{}
	var tenants []uuid.UUID
	for _, e := range entries {
		if _, ok := ends[e.TenantID]; !ok {
			ends[e.TenantID] = head{TenantID: e.TenantID, Hash: genesis}
			tenants = append(tenants, e.TenantID)
		}
	}
	rows, err := db.All[head](ctx, tx, `
		select e.tenant_id, e.chain_no, e.hash
		from unnest($1::uuid[]) t (tenant_id)
		cross join lateral (
			select tenant_id, chain_no, hash from audit_entries
			where tenant_id = t.tenant_id and chain_no is not null
			order by chain_no desc limit 1) e`, tenants)
	for _, h := range rows {
		ends[h.TenantID] = h
	}
	return ends, err
}

func setPlaces(ctx context.Context, tx *db.PlatformTx, entries []entryRow) error {
	n := len(entries)
	tenants, ids, numbers, hashes := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]int64, n), make([][]byte, n)
	for i, e := range entries {
		tenants[i], ids[i], numbers[i], hashes[i] = e.TenantID, e.ID, *e.ChainNo, e.Hash
	}
	_, err := db.Exec(ctx, tx, `
		update audit_entries e
		set chain_no = p.chain_no, hash = p.hash
		from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[]) p (tenant_id, id, chain_no, hash)
		where e.tenant_id = p.tenant_id and e.id = p.id and e.chain_no is null`, tenants, ids, numbers, hashes)
	return err
}

func unsigned(ctx context.Context, tx *db.PlatformTx) ([]head, error) {
	return db.All[head](ctx, tx, `
		select e.tenant_id, e.chain_no, e.hash
		from tenants t
		cross join lateral (
			select tenant_id, chain_no, hash from audit_entries
			where tenant_id = t.id and chain_no is not null
			order by chain_no desc limit 1) e
		where not exists (select from audit_heads h where h.tenant_id = e.tenant_id and h.chain_no = e.chain_no)`)
}

func insertHead(ctx context.Context, tx *db.PlatformTx, h head, at time.Time, signature []byte) error {
	_, err := db.Exec(ctx, tx, `
		insert into audit_heads (tenant_id, chain_no, hash, signed_at, signature) values ($1, $2, $3, $4, $5)`,
		h.TenantID, h.ChainNo, h.Hash, at, signature)
	return err
}
