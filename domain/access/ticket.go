package access

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Tickets open one socket each, where a header cannot be set.
type Tickets struct {
	DB     *db.Platform
	Rights *Rights
}

// Ticket is good for one socket within 30 seconds.
type Ticket struct {
	Ticket    string `json:"ticket"`
	ExpiresIn int    `json:"expires_in"`
}

// Create makes a ticket for the caller's session in the caller's tenant. A person
// without a tenant has nothing to open a socket for.
func (t *Tickets) Create(ctx context.Context, _ domain.None) (Ticket, error) {
	caller := tenancy.From(ctx)
	switch {
	case caller.Suspended:
		return Ticket{}, ErrTenantSuspended
	case caller.Owes != "":
		return Ticket{}, Owed(caller.Owes)
	case caller.TenantID == uuid.Nil:
		return Ticket{}, domain.ErrDenied
	}
	random := make([]byte, 32)
	rand.Read(random) // never fails: it ends the process instead
	ticket := base64.RawURLEncoding.EncodeToString(random)
	return Ticket{Ticket: ticket, ExpiresIn: int(ticketLife.Seconds())},
		insertTicket(ctx, t.DB, ticket, caller.SessionID, caller.TenantID)
}

// Take spends a ticket and returns the scope of whom it was made for, as it is now.
// Of any number of uses one succeeds; the others are domain.ErrUnauthenticated.
func (t *Tickets) Take(ctx context.Context, ticket string) (tenancy.Scope, error) {
	row, err := takeTicket(ctx, t.DB, ticket)
	if errors.Is(err, domain.ErrNotFound) || err == nil && !row.Valid {
		return tenancy.Scope{}, domain.ErrUnauthenticated
	}
	if err != nil {
		return tenancy.Scope{}, err
	}
	scope, err := t.Rights.Read(ctx, row.SessionID, row.TenantID)
	if err == nil && scope.Suspended {
		return tenancy.Scope{}, ErrTenantSuspended
	}
	return scope, err
}

type takenTicket struct {
	SessionID uuid.UUID `db:"session_id"`
	TenantID  uuid.UUID `db:"for_tenant"`
	Valid     bool      `db:"valid"`
}

func insertTicket(ctx context.Context, platform *db.Platform, ticket string, sessionID, tenantID uuid.UUID) error {
	_, err := db.Exec(ctx, platform, `
		insert into socket_tickets (token_hash, session_id, for_tenant, expires_at)
		values ($1, $2, $3, now() + $4::interval)`, domain.HashOf(ticket), sessionID, tenantID, interval(ticketLife))
	return err
}

// takeTicket deletes: who finds the row gone was second.
func takeTicket(ctx context.Context, platform *db.Platform, ticket string) (takenTicket, error) {
	return db.One[takenTicket](ctx, platform, `
		delete from socket_tickets where token_hash = $1
		returning session_id, for_tenant, expires_at > now() as valid`, domain.HashOf(ticket))
}
