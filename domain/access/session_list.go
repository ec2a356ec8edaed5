package access

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// LoginSession is a session as its person sees it.
type LoginSession struct {
	ID      uuid.UUID `db:"id" json:"id"`
	Current bool      `db:"current" json:"current"`
	IP      string    `db:"ip" json:"ip"`
	// Device is the name the program gave, or what its User-Agent amounts to.
	Device     string      `db:"device"       json:"device"`
	UserAgent  string      `db:"user_agent"   json:"user_agent"`
	CreatedAt  domain.Time `db:"created_at"   json:"created_at"`
	LastSeenAt domain.Time `db:"last_seen_at" json:"last_seen_at"`
}

// List returns the caller's sessions that could still be used, the last used first; at
// most 200 of them. One that was idle for seven days could not.
func (s *Sessions) List(ctx context.Context, _ domain.None) (domain.Page[LoginSession], error) {
	caller := tenancy.From(ctx)
	list, err := listSessions(ctx, s.DB, caller.UserID, caller.SessionID)
	for i := range list {
		if list[i].Device == "" {
			list[i].Device = describe(list[i].UserAgent)
		}
	}
	return domain.Page[LoginSession]{Items: list}, err
}

// EndSession names a session.
type EndSession struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// End ends one of the caller's sessions; NotFound for anybody else's.
func (s *Sessions) End(ctx context.Context, in EndSession) (domain.None, error) {
	caller := tenancy.From(ctx)
	return domain.None{}, s.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		ended, err := endSessionOf(ctx, tx, caller.UserID, in.ID)
		if err == nil && len(ended) == 0 {
			return nil, domain.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return ended, record(ctx, tx, caller.TenantID, audit.Act{Action: audit.SignedOut, ObjectID: in.ID})
	})
}

// EndOthers ends all of the caller's sessions but this one.
func (s *Sessions) EndOthers(ctx context.Context, _ domain.None) (domain.None, error) {
	caller := tenancy.From(ctx)
	return domain.None{}, s.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		if err := record(ctx, tx, caller.TenantID, audit.Act{Action: audit.SessionsEnded, ObjectID: caller.UserID}); err != nil {
			return nil, err
		}
		return endOtherSessions(ctx, tx, caller.UserID, caller.SessionID)
	})
}

func listSessions(ctx context.Context, q db.PlatformQueryer, userID, current uuid.UUID) ([]LoginSession, error) {
	return db.All[LoginSession](ctx, q, `
		select id, id = $2 as current, ip, coalesce(device, '') as device, user_agent, created_at, last_seen_at
		from login_sessions s
		where user_id = $1 and revoked_at is null and expires_at > now()
		  and exists (select from refresh_tokens r where r.session_id = s.id and r.used_at is null and r.expires_at > now())
		order by last_seen_at desc, id desc
		limit 200`, userID, current)
}

func endSessionOf(ctx context.Context, tx *db.PlatformTx, userID, id uuid.UUID) ([]Revocation, error) {
	return db.All[Revocation](ctx, tx, `
		update login_sessions set revoked_at = now()
		where id = $2 and user_id = $1 and revoked_at is null and expires_at > now()
		returning 'session' as kind, id as for_session, user_id as for_user`, userID, id)
}

func endOtherSessions(ctx context.Context, tx *db.PlatformTx, userID, current uuid.UUID) ([]Revocation, error) {
	return db.All[Revocation](ctx, tx, `
		update login_sessions set revoked_at = now() where user_id = $1 and id <> $2 and revoked_at is null
		returning 'session' as kind, id as for_session, user_id as for_user`, userID, current)
}
