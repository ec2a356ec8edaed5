package access

import (
	"context"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain/attempts"
)

func insertRevocations(ctx context.Context, tx *db.PlatformTx, list []Revocation) error {
	if len(list) == 0 {
		return nil
	}
	n := len(list)
	ids, kinds := make([]uuid.UUID, n), make([]string, n)
	sessions, users, tenants := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]uuid.UUID, n)
	for i, r := range list {
		ids[i], kinds[i], sessions[i], users[i], tenants[i] = r.ID, string(r.Kind), r.SessionID, r.UserID, r.TenantID
	}
	_, err := db.Exec(ctx, tx, `
		insert into revocations (id, kind, for_session, for_user, for_tenant)
		select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[])`,
		ids, kinds, sessions, users, tenants)
	return err
}

func insertRightsChanges(ctx context.Context, tx *db.Tx, list []Revocation) error {
	if len(list) == 0 {
		return nil
	}
	ids, users := make([]uuid.UUID, len(list)), make([]uuid.UUID, len(list))
	for i, r := range list {
		ids[i], users[i] = r.ID, r.UserID
	}
	_, err := db.Exec(ctx, tx, `
		insert into rights_changes (id, user_id) select * from unnest($1::uuid[], $2::uuid[])`, ids, users)
	return err
}

// listRevocations returns those since position, the overlap included, and the
// database's time; a zero position asks for the overlap alone.
func listRevocations(ctx context.Context, q db.PlatformQueryer, position time.Time) (time.Time, []Revocation, error) {
	now, err := db.One[time.Time](ctx, q, `select clock_timestamp()`)
	if err != nil {
		return now, nil, err
	}
	if position.IsZero() {
		position = now
	}
	list, err := db.All[Revocation](ctx, q, `
		select id, kind, for_session, for_user, for_tenant
		from (
			select id, kind, for_session, for_user, for_tenant, at from revocations where at > $1
			union all
			select id, 'membership', null, user_id, tenant_id, at from rights_changes where at > $1) ended
		order by at`, position.Add(-pollOverlap))
	return now, list, err
}

// sweep removes what ran out. A used refresh token stays until then: it tells reuse.
func sweep(ctx context.Context, platform *db.Platform) error {
	for _, statement := range []string{
		`delete from socket_tickets where expires_at < now()`,
		`delete from refresh_tokens where expires_at < now()`,
		`delete from one_time_codes where expires_at < now() - interval '1 day'`,
		`delete from login_devices where last_seen_at < now() - interval '400 days'`,
		`delete from revocations where at < now() - interval '1 day'`,
		`delete from rights_changes where at < now() - interval '1 day'`,
		`delete from login_sessions where least(expires_at, revoked_at) < now() - interval '30 days'`,
	} {
		if _, err := db.Exec(ctx, platform, statement); err != nil {
			return err
		}
	}
	return (&attempts.Counter{DB: platform}).Sweep(ctx)
}
