package keys

import (
	"context"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

const keyColumns = `k.id, k.name, k.kind, k.prefix, k.scopes, k.ip_allow, k.created_by, k.created_at, k.expires_at, k.last_used_at, k.revoked_at, k.version,
	(select max(l.expires_at) from token_lookups l where l.api_key_id = k.id and l.expires_at > now()) previous_until`

type keyRow struct {
	ID              uuid.UUID
	Name            string
	Kind            Kind
	Prefix          string
	Scopes, IPAllow db.Texts
	ExpiresAt       *domain.Time
}

func insertKey(ctx context.Context, tx *db.Tx, k keyRow) (Key, error) {
	scope := tenancy.From(ctx)
	if _, err := db.Exec(ctx, tx, `
		insert into api_keys (id, name, kind, prefix, scopes, ip_allow, expires_at, created_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		k.ID, k.Name, k.Kind, k.Prefix, k.Scopes, k.IPAllow, k.ExpiresAt, scope.UserID); err != nil {
		return Key{}, err
	}
	return keyByID(ctx, tx, k.ID)
}

func insertLookup(ctx context.Context, tx *db.Tx, id uuid.UUID, hash []byte) error {
	_, err := db.Exec(ctx, tx, `insert into token_lookups (token_hash, api_key_id) values ($1, $2)`, hash, id)
	return err
}

// endLookups lets all secrets of a key end after the overlap, or when they would have.
func endLookups(ctx context.Context, tx *db.Tx, id uuid.UUID, overlap time.Duration) error {
	if overlap == 0 {
		return deleteLookups(ctx, tx, id)
	}
	_, err := db.Exec(ctx, tx, `
		update token_lookups
		set expires_at = least(expires_at, now() + $2 * interval '1 second')
		where api_key_id = $1`, id, overlap.Seconds())
	return err
}

func deleteLookups(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `delete from token_lookups where api_key_id = $1`, id)
	return err
}

func keyByID(ctx context.Context, q db.Queryer, id uuid.UUID) (Key, error) {
	return db.One[Key](ctx, q, `select `+keyColumns+` from api_keys k where k.id = $1`, id)
}

// lockKey lets one change follow the other.
func lockKey(ctx context.Context, tx *db.Tx, id uuid.UUID) (Key, error) {
	return db.One[Key](ctx, tx, `select `+keyColumns+` from api_keys k where k.id = $1 for update of k`, id)
}

// Served by the primary key read backwards.
func listKeys(ctx context.Context, q db.Queryer, before uuid.UUID, limit int) ([]Key, error) {
	return db.All[Key](ctx, q, `
		select `+keyColumns+`
		from api_keys k
		where k.id < $1
		  and k.revoked_at is null
		order by k.id desc
		limit $2`, before, limit)
}

func updateKey(ctx context.Context, tx *db.Tx, k Key) (Key, error) {
	err := db.Must(db.Exec(ctx, tx, `
		update api_keys
		set name = $2, prefix = $3, ip_allow = $4, expires_at = $5, version = version + 1
		where id = $1`, k.ID, k.Name, k.Prefix, k.IPAllow, k.ExpiresAt))
	if err != nil {
		return Key{}, err
	}
	return keyByID(ctx, tx, k.ID)
}

func revokeKey(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	if err := deleteLookups(ctx, tx, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `update api_keys set revoked_at = now(), version = version + 1 where id = $1`, id)
	return err
}

// holderRow is a key as its secret finds it.
type holderRow struct {
	TenantID     uuid.UUID    `db:"tenant_id"`
	ID           uuid.UUID    `db:"id"`
	Kind         Kind         `db:"kind"`
	Scopes       db.Texts     `db:"scopes"`
	IPAllow      db.Texts     `db:"ip_allow"`
	Expired      bool         `db:"expired"`
	LastUsedAt   *domain.Time `db:"last_used_at"`
	TenantActive bool         `db:"tenant_active"`
}

// readHolder is the one statement behind a request that is not answered from memory.
func readHolder(ctx context.Context, q db.PlatformQueryer, hash []byte) (holderRow, error) {
	return db.One[holderRow](ctx, q, `
		select k.tenant_id, k.id, k.kind, k.scopes, k.ip_allow, k.last_used_at,
		       coalesce(k.expires_at <= now(), false) as expired,
		       t.status = 'active' as tenant_active
		from token_lookups l
		join api_keys k on k.tenant_id = l.tenant_id and k.id = l.api_key_id
		join tenants t on t.id = l.tenant_id
		where l.token_hash = $1
		  and k.revoked_at is null
		  and (l.expires_at is null or l.expires_at > now())`, hash)
}

// noteUse writes down that a key is used, once a minute however many instances see it.
func noteUse(ctx context.Context, platform *db.Platform, tenantID, id uuid.UUID) error {
	_, err := db.Exec(ctx, platform, `
		update api_keys set last_used_at = now()
		where tenant_id = $1 and id = $2
		  and (last_used_at is null or last_used_at < now() - interval '1 minute')`, tenantID, id)
	return err
}
