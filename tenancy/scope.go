// Package tenancy decides, once, for whom a piece of work is done, and puts that
// decision on every database connection.
//
// Always true: a connection of the tenant pool carries the tenant of the context it
// was acquired with, or it is not handed out; without a scope there is no
// connection, never "all tenants" and never the previous one. Nothing but the hook
// in this package sets app.tenant_id. It also owns the closed list of permissions
// and the sealing of secrets, bound to tenant, row and column.
package tenancy

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// ErrNoScope is what asking for tenant data without a scope gets.
var ErrNoScope = errors.New("tenancy: no scope in the context")

// Scope is who acts, in which tenant, with which rights. It is built by the HTTP
// middleware from a session, by jobs from their row and by stream readers from the
// resolved channel, and travels in the context; nothing else does.
type Scope struct {
	TenantID uuid.UUID
	// UserID is the acting person; nil UUID for work nobody started by hand.
	UserID uuid.UUID
	// KeyID is the API key of the acting program; there is no person then.
	KeyID uuid.UUID
	// SessionID is the login session; nil UUID outside HTTP and sockets.
	SessionID   uuid.UUID
	Role        string
	Permissions Permissions
	Rows        RowScope
	// Teams the person is in, and Channels that list the person as a member.
	Teams, Channels []uuid.UUID
	// Manages are those of Teams the person is a manager of: all their rows, whatever Rows
	// says.
	Manages []uuid.UUID
	// Version of the membership the rights were read from.
	Version int64
	// Operator says that the person runs the installation: they hold the platform's
	// permissions, in whichever tenant they are, or in none.
	Operator bool
	// Suspended says that the tenant is: the scope holds no permission, and of what is
	// Self the person may look at themselves, switch to another tenant and sign out.
	Suspended bool
	// Owes is what the person must do before anything else: until then the scope holds
	// no permission either.
	Owes Duty
	// AuthenticatedAt is when the person last proved who they are; zero for keys and jobs.
	AuthenticatedAt time.Time
}

// Duty is something a tenant demands of a person before it lets them in.
type Duty string

// The duties there are.
const (
	SetUpFactor    Duty = "mfa_setup"
	ChangePassword Duty = "password_change"
)

// RowScope says which rows the permissions reach: the union of what is true.
type RowScope struct{ Own, Team, Channel, All bool }

type contextKey struct{}

// With returns a context that acts as s.
func With(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, contextKey{}, s)
}

// From returns the scope of the context; without one a zero Scope, which may
// nothing and gets no connection.
func From(ctx context.Context) Scope {
	s, _ := ctx.Value(contextKey{}).(Scope)
	return s
}

// System is the scope of work done for a tenant by nobody in particular: stream
// readers and jobs. It sees all rows and holds no permission of a person.
func System(tenant uuid.UUID) Scope {
	return Scope{TenantID: tenant, Role: "system", Rows: RowScope{All: true}}
}

// Actor is the person or the key that acts; nil UUID for neither.
func (s Scope) Actor() uuid.UUID {
	if s.KeyID != uuid.Nil {
		return s.KeyID
	}
	return s.UserID
}

// May says whether the scope holds a permission of the route table.
func (s Scope) May(p Permission) bool {
	switch p {
	case Public:
		return true
	case Self:
		return s.UserID != uuid.Nil
	case PlatformSettings, PlatformTenants:
		return s.Operator
	}
	return s.TenantID != uuid.Nil && s.Permissions.Has(p)
}
