package access

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/activity"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// Sessions are login sessions: how one begins, goes on, moves to another tenant and ends.
type Sessions struct {
	DB          *db.Platform
	Tokens      *Tokens
	Revocations *Revocations
}

// Session is the answer to signing in, refreshing and switching.
type Session struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
	User         User   `json:"user"`
	// Tenant is nil for a person without an active membership.
	Tenant           *Tenant      `json:"tenant"`
	Memberships      []Membership `json:"memberships"`
	MFASetupRequired bool         `json:"mfa_setup_required"`

	refreshTTL  time.Duration
	deviceToken string
}

// Device is the token by which a browser is known again; empty when it is already, or
// nobody asks.
func (s Session) Device() (token string, ttl time.Duration) { return s.deviceToken, deviceLife }

// Tokens are what travels as cookies too, with how long each is good for.
func (s Session) Tokens() (access, refresh string, accessTTL, refreshTTL time.Duration) {
	return s.AccessToken, s.RefreshToken, accessLife, s.refreshTTL
}

// WithoutTokens is the answer for a browser, whose scripts must not see the tokens.
func (s Session) WithoutTokens() any {
	s.AccessToken, s.RefreshToken = "", ""
	return s
}

// SignedOut is the answer to signing out: its empty tokens clear the cookies.
type SignedOut struct{}

// Tokens are empty.
func (SignedOut) Tokens() (access, refresh string, accessTTL, refreshTTL time.Duration) { return }

// openSession says what a new session is for.
type openSession struct {
	// Tenant wanted; nil UUID for the one of last time.
	Tenant uuid.UUID
	Device string
}

// open begins a session for a person whose credentials were checked.
func (s *Sessions) open(ctx context.Context, tx *db.PlatformTx, user person, in openSession) (Session, error) {
	last, err := lastTenant(ctx, tx, user.ID)
	if err != nil {
		return Session{}, err
	}
	all, err := listPlaces(ctx, tx, user.ID)
	if err != nil {
		return Session{}, err
	}
	at := all.choose(in.Tenant, last)
	if at == nil && in.Tenant != uuid.Nil {
		return Session{}, domain.ErrNotFound
	}
	id, err := insertSession(ctx, tx, user.ID, at.id(), in.Device)
	if err != nil {
		return Session{}, err
	}
	where := at.id()
	if at == nil && user.PlatformRole != nil {
		where = audit.Platform
	}
	if err := record(ctx, tx, where, audit.Act{Action: audit.SignedIn, ObjectID: id, Actor: user.ID}); err != nil {
		return Session{}, err
	}
	if err := activity.RecordFor(ctx, tx, at.id(), user.ID, activity.Doing{Type: activity.Login}); err != nil {
		return Session{}, err
	}
	refresh, err := insertRefreshToken(ctx, tx, id, newRefreshToken())
	if err != nil {
		return Session{}, err
	}
	return s.answer(user, all, at, refresh)
}

// answer signs an access token for the refresh token's session, at a place.
func (s *Sessions) answer(user person, all places, at *place, refresh refreshToken) (Session, error) {
	token, err := s.Tokens.Sign(Claims{UserID: user.ID, SessionID: refresh.SessionID, TenantID: at.id()})
	if err != nil {
		return Session{}, domain.ErrInternal.With(err)
	}
	answer := Session{
		AccessToken: token, TokenType: "Bearer", ExpiresIn: int(accessLife.Seconds()), RefreshToken: refresh.clear,
		User: user.user(), Memberships: all.memberships(), refreshTTL: refresh.ttl(),
	}
	if at != nil {
		answer.Tenant = &at.Tenant
	}
	demanded := user.PlatformRole != nil || at != nil && at.Security.Require2FA
	answer.MFASetupRequired = demanded && !user.TOTPEnabled
	return answer, nil
}

// Switch names the tenant to work in.
type Switch struct {
	TenantID uuid.UUID `json:"tenant_id" validate:"required"`
}

// Switch moves the session to another of the person's tenants; NotFound when they
// are no active member. The tokens of before stay as they are: another tab may still
// be using them.
func (s *Sessions) Switch(ctx context.Context, in Switch) (Session, error) {
	caller := tenancy.From(ctx)
	var session Session
	err := s.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		held, err := liveSession(ctx, tx, caller.SessionID)
		if err != nil {
			return err
		}
		user, err := personByID(ctx, tx, held.UserID)
		if err != nil {
			return err
		}
		all, err := listPlaces(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		at := all.choose(in.TenantID, uuid.Nil)
		if at == nil {
			return domain.ErrNotFound
		}
		if err := touchSession(ctx, tx, held.ID, at.id()); err != nil {
			return err
		}
		refresh, err := insertRefreshToken(ctx, tx, held.ID, newRefreshToken())
		if err != nil {
			return err
		}
		session, err = s.answer(user, all, at, refresh)
		return err
	})
	return session, err
}

// Logout ends the session, or all of the person's.
type Logout struct {
	All bool `json:"all"`
}

// Logout ends sessions everywhere within a second, sockets included.
func (s *Sessions) Logout(ctx context.Context, in Logout) (SignedOut, error) {
	caller := tenancy.From(ctx)
	return SignedOut{}, s.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		action, object := audit.SignedOut, caller.SessionID
		if in.All {
			action, object = audit.SessionsEnded, caller.UserID
		}
		if err := record(ctx, tx, caller.TenantID, audit.Act{Action: action, ObjectID: object}); err != nil {
			return nil, err
		}
		if err := activity.RecordFor(ctx, tx, caller.TenantID, caller.UserID, activity.Doing{Type: activity.Logout}); err != nil {
			return nil, err
		}
		if in.All {
			return endSessionsOf(ctx, tx, caller.UserID)
		}
		return endSession(ctx, tx, caller.SessionID)
	})
}

// EndsAt is when the caller's session ends if nothing ends it before: as long as a
// socket may live.
func (s *Sessions) EndsAt(ctx context.Context) (time.Time, error) {
	ends, err := sessionEnd(ctx, s.DB, tenancy.From(ctx).SessionID)
	if errors.Is(err, domain.ErrNotFound) {
		return ends, ErrSessionRevoked
	}
	return ends, err
}

// id of the place's tenant; nil UUID for no place.
func (p *place) id() uuid.UUID {
	if p == nil {
		return uuid.Nil
	}
	return p.Tenant.ID
}
