package access

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/domain/mail"
	"baraza/tenancy"
)

// errOtherTenants keeps one workspace from weakening what protects another.
var errOtherTenants = domain.ErrDenied.Saying("This person belongs to other workspaces too: only an operator can reset their second factor.")

// LastSeen says when people were last at work in the caller's tenant; who never was is
// not in it.
func (s *Sessions) LastSeen(ctx context.Context, people []uuid.UUID) (map[uuid.UUID]domain.Time, error) {
	type row struct {
		UserID uuid.UUID   `db:"user_id"`
		At     domain.Time `db:"at"`
	}
	rows, err := db.All[row](ctx, s.DB, `
		select user_id, max(last_seen_at) as at from login_sessions
		where user_id = any($1) and active_tenant = $2
		group by user_id`, people, tenancy.From(ctx).TenantID)
	seen := make(map[uuid.UUID]domain.Time, len(rows))
	for _, r := range rows {
		seen[r.UserID] = r.At
	}
	return seen, err
}

// EndOf ends all sessions of a member of the caller's tenant, those in other tenants
// too: a session goes to any of them. The caller has checked that they may.
func (s *Sessions) EndOf(ctx context.Context, userID uuid.UUID) error {
	return s.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		act := audit.Act{Action: audit.MemberSignedOut, ObjectID: userID}
		if err := record(ctx, tx, tenancy.From(ctx).TenantID, act); err != nil {
			return nil, err
		}
		return endSessionsOf(ctx, tx, userID)
	})
}

// Reset takes the second factor from a member of the caller's tenant who lost it, and
// ends their sessions. Somebody who belongs to other tenants too keeps it: it protects
// those as well. The caller has checked that they may.
func (t *TwoFactor) Reset(ctx context.Context, userID uuid.UUID) error {
	tenantID := tenancy.From(ctx).TenantID
	return t.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		all, err := listPlaces(ctx, tx, userID)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			if one.Tenant.ID != tenantID {
				return nil, errOtherTenants
			}
		}
		err = t.Gate.Factors.Remove(ctx, tx, userID)
		if errors.Is(err, domain.ErrNotFound) { // has none: nothing is different
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if err := record(ctx, tx, tenantID, audit.Act{Action: audit.MemberFactorReset, ObjectID: userID}); err != nil {
			return nil, err
		}
		if err := notify(ctx, tx, userID, mail.FactorOff); err != nil {
			return nil, err
		}
		return endSessionsOf(ctx, tx, userID)
	})
}
