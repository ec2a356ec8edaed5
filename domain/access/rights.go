package access

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

const (
	// rightsLife is how long rights are used without asking again, counted from before
	// they were read. What remains of the second is for the request that used them.
	rightsLife = 750 * time.Millisecond
	// rightsTimeout bounds reading them: an answer that took longer would be about the
	// rights of more than a second ago.
	rightsTimeout = time.Second
)

// Rights says what the holder of an access token may do now. Answers are kept for
// less than a second, so that a busy client costs one signature check and one
// statement in that time.
type Rights struct {
	DB     *db.Platform
	Tokens *Tokens

	mu    sync.RWMutex
	kept  map[string]answered
	reads singleflight.Group
}

// answered is what a token's holder was told. Refusals are kept too: of the tokens
// that were ours once, so that nobody fills the memory.
type answered struct {
	scope tenancy.Scope
	err   error
	until time.Time
}

// Authenticate returns the scope of a token's holder. A suspended tenant gives a
// scope that says so and may nothing. ErrTokenExpired also stands for a membership
// that ended: the refreshed token names another tenant, or none.
func (r *Rights) Authenticate(ctx context.Context, token string) (tenancy.Scope, error) {
	if known, ok := r.known(token); ok {
		return known.scope, known.err
	}
	// Whoever waits for the first one's read must not lose it to the first one's cancel.
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), rightsTimeout)
	defer cancel()
	got, err, _ := r.reads.Do(token, func() (any, error) {
		return r.ask(detached, token)
	})
	if err != nil {
		return tenancy.Scope{}, err
	}
	answer, ok := got.(answered)
	if !ok {
		return tenancy.Scope{}, domain.ErrInternal.With(fmt.Errorf("rights are %T", got))
	}
	return answer.scope, answer.err
}

// Read returns the present scope of a session in a tenant (nil UUID: in none), for a
// socket that was told of a change.
func (r *Rights) Read(ctx context.Context, sessionID, tenantID uuid.UUID) (tenancy.Scope, error) {
	row, err := readRights(ctx, r.DB, sessionID, tenantID)
	if errors.Is(err, domain.ErrNotFound) {
		return tenancy.Scope{}, ErrSessionRevoked
	}
	if err != nil {
		return tenancy.Scope{}, err
	}
	return row.scope(sessionID, tenantID)
}

func (r *Rights) known(token string) (answered, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	known, ok := r.kept[token]
	return known, ok && time.Now().Before(known.until)
}

func (r *Rights) ask(ctx context.Context, token string) (answered, error) {
	claims, err := r.Tokens.Verify(ctx, token)
	if err != nil {
		return answered{}, err
	}
	// A revocation that commits during the read is caught by the answer's end.
	until := time.Now().Add(rightsLife)
	if end := claims.ExpiresAt.Add(clockSkew); end.Before(until) {
		until = end
	}
	scope, err := r.Read(ctx, claims.SessionID, claims.TenantID)
	if err == nil && scope.UserID != claims.UserID {
		err = domain.ErrUnauthenticated.With(errors.New("token names another person than its session"))
	}
	if err != nil {
		if domain.As(err).Kind != domain.Unauthenticated {
			return answered{}, err
		}
		scope = tenancy.Scope{}
	}
	answer := answered{scope, err, until}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[string]answered{}
	}
	r.kept[token] = answer
	return answer, nil
}

func (r *Rights) drop(revocation Revocation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for token, one := range r.kept {
		if revocation.Concerns(one.scope) {
			delete(r.kept, token)
		}
	}
}

// forget removes answers that are too old to be given.
func (r *Rights) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	for token, one := range r.kept {
		if now.After(one.until) {
			delete(r.kept, token)
		}
	}
}

// rightsRow is a session with the membership and role its rights come from.
type rightsRow struct {
	UserID       uuid.UUID `db:"user_id"`
	Ended        bool      `db:"ended"`
	Member       bool      `db:"member"`
	Version      int64     `db:"version"`
	TenantActive bool      `db:"tenant_active"`
	Role         string    `db:"role"`
	Permissions  db.Texts  `db:"permissions"`
	Scopes       db.Texts  `db:"scopes"`
	Teams        db.Texts  `db:"teams"`
	Managed      db.Texts  `db:"managed"`
	// What the tenant demands and the person has not done.
	OwesPassword bool `db:"owes_password"`
	OwesFactor   bool `db:"owes_factor"`
	// Operator runs the installation, and always needs a second factor.
	Operator bool `db:"operator"`

	AuthenticatedAt time.Time `db:"authenticated_at"`
}

func (r rightsRow) scope(sessionID, tenantID uuid.UUID) (tenancy.Scope, error) {
	scope := tenancy.Scope{TenantID: tenantID, UserID: r.UserID, SessionID: sessionID, AuthenticatedAt: r.AuthenticatedAt}
	switch {
	case r.Ended:
		return tenancy.Scope{}, ErrSessionRevoked
	case r.Operator && r.OwesFactor:
		scope.Owes = tenancy.SetUpFactor
		return scope, nil
	}
	scope.Operator = r.Operator
	switch {
	case tenantID == uuid.Nil:
		return scope, nil
	case !r.Member:
		return tenancy.Scope{}, ErrTokenExpired
	case !r.TenantActive:
		scope.Suspended = true
		return scope, nil
	case r.OwesPassword:
		scope.Owes = tenancy.ChangePassword
		return scope, nil
	case r.OwesFactor:
		scope.Owes = tenancy.SetUpFactor
		return scope, nil
	}
	scope.Role, scope.Version = r.Role, r.Version
	scope.Permissions, scope.Rows = permissionSet(r.Permissions), rowScope(r.Scopes)
	var err error
	if scope.Teams, err = teamIDs(r.Teams); err == nil {
		scope.Manages, err = teamIDs(r.Managed)
	}
	if err != nil {
		return tenancy.Scope{}, err
	}
	return scope, nil
}

func teamIDs(texts db.Texts) (list []uuid.UUID, err error) {
	for _, text := range texts {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, domain.ErrInternal.With(fmt.Errorf("team id %q: %w", text, err))
		}
		list = append(list, id)
	}
	return list, nil
}

// readRights is the one statement behind every request that is not answered from
// memory. A custom role has no key: its name could be "owner".
func readRights(ctx context.Context, q db.PlatformQueryer, sessionID, tenantID uuid.UUID) (rightsRow, error) {
	return db.One[rightsRow](ctx, q, `
		select s.user_id,
		       s.revoked_at is not null or s.expires_at <= now() as ended,
		       m.status is not null and m.status = 'active' as member,
		       coalesce(m.version, 0) as version,
		       t.status is not null and t.status = 'active' as tenant_active,
		       coalesce(r.key, '') as role,
		       coalesce(r.permissions, '{}') as permissions,
		       coalesce(r.scopes, '{}') as scopes,
		       array(select tm.team_id::text from team_members tm
		             where tm.tenant_id = m.tenant_id and tm.user_id = m.user_id) as teams,
		       array(select tm.team_id::text from team_members tm
		             where tm.tenant_id = m.tenant_id and tm.user_id = m.user_id and tm.role = 'manager') as managed,
		       s.authenticated_at,
		       coalesce(security.password_max_age_days > 0
		                and u.password_changed_at < now() - security.password_max_age_days * interval '1 day', false) as owes_password,
		       u.platform_role is not null as operator,
		       (coalesce(security.require_2fa, false) or u.platform_role is not null)
		       and not exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null) as owes_factor
		from login_sessions s
		join users u on u.id = s.user_id
		left join memberships m on m.tenant_id = $2 and m.user_id = s.user_id
		left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
		left join tenants t on t.id = m.tenant_id
		left join security_settings security on security.tenant_id = m.tenant_id
		where s.id = $1`, sessionID, tenantID)
}
