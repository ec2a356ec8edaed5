package access

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

// loginSession is a row of login_sessions.
type loginSession struct {
	ID           uuid.UUID `db:"id"`
	UserID       uuid.UUID `db:"user_id"`
	ActiveTenant uuid.UUID `db:"active_tenant"`
}

// liveSession returns a session that has not ended; ErrSessionRevoked otherwise. It
// takes no lock: what a session gives is asked for at each use, so one that ends
// meanwhile has nothing.
func liveSession(ctx context.Context, q db.PlatformQueryer, id uuid.UUID) (loginSession, error) {
	row, err := db.One[loginSession](ctx, q, `
		select id, user_id, active_tenant
		from login_sessions
		where id = $1 and revoked_at is null and expires_at > now()`, id)
	if errors.Is(err, domain.ErrNotFound) {
		return row, ErrSessionRevoked
	}
	return row, err
}

func insertSession(ctx context.Context, tx *db.PlatformTx, userID, tenantID uuid.UUID, device string) (uuid.UUID, error) {
	id, from := db.NewID(), domain.RequestOf(ctx)
	_, err := db.Exec(ctx, tx, `
		insert into login_sessions (id, user_id, active_tenant, ip, user_agent, device, expires_at)
		values ($1, $2, nullif($3, '00000000-0000-0000-0000-000000000000'::uuid), $4, $5, nullif($6, ''), now() + $7::interval)`,
		id, userID, tenantID, from.IP, printable(from.UserAgent, 400), printable(device, 80), interval(sessionLife))
	return id, err
}

// touchSession notes that the session is used, and in which tenant.
func touchSession(ctx context.Context, tx *db.PlatformTx, id, tenantID uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `
		update login_sessions
		set last_seen_at = now(), active_tenant = nullif($2, '00000000-0000-0000-0000-000000000000'::uuid)
		where id = $1`, id, tenantID))
}

// markAuthenticated notes that the session's person has just proved who they are.
func markAuthenticated(ctx context.Context, tx *db.PlatformTx, id uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `update login_sessions set authenticated_at = now() where id = $1`, id))
}

// lastTenant is where the person worked last; nil UUID when nowhere yet.
func lastTenant(ctx context.Context, q db.PlatformQueryer, userID uuid.UUID) (uuid.UUID, error) {
	id, err := db.One[uuid.UUID](ctx, q, `
		select active_tenant from login_sessions
		where user_id = $1 and active_tenant is not null
		order by last_seen_at desc limit 1`, userID)
	if errors.Is(err, domain.ErrNotFound) {
		return uuid.Nil, nil
	}
	return id, err
}

func sessionEnd(ctx context.Context, q db.PlatformQueryer, id uuid.UUID) (time.Time, error) {
	return db.One[time.Time](ctx, q, `
		select expires_at from login_sessions where id = $1 and revoked_at is null`, id)
}

func endSession(ctx context.Context, tx *db.PlatformTx, id uuid.UUID) ([]Revocation, error) {
	return db.All[Revocation](ctx, tx, `
		update login_sessions set revoked_at = now() where id = $1 and revoked_at is null
		returning 'session' as kind, id as for_session, user_id as for_user`, id)
}

func endSessionsOf(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) ([]Revocation, error) {
	return db.All[Revocation](ctx, tx, `
		update login_sessions set revoked_at = now() where user_id = $1 and revoked_at is null
		returning 'session' as kind, id as for_session, user_id as for_user`, userID)
}

// interval is how Postgres reads a duration.
func interval(d time.Duration) string { return d.String() }
