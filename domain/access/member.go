package access

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

// Members makes accounts for people of the caller's tenant.
type Members struct {
	Tenant   *db.Tenant
	Platform *db.Platform
	Hasher   *passwords.Hasher
}

// CreateMember makes an account for somebody, with a role by its key.
type CreateMember struct {
	Name     string `json:"name"     validate:"required,max=80"`
	Email    string `json:"email"    validate:"required,email,max=254"`
	Password string `json:"password" validate:"required"`
	Role     string `json:"role"     validate:"required,max=80"`
}

// Create makes a person and their membership of the caller's tenant, in team
// Everyone, and returns the person's id. A known e-mail is ErrEmailKnown: whoever has an account is invited, not
// made. A role that may more than the caller is denied.
func (m *Members) Create(ctx context.Context, in CreateMember) (uuid.UUID, error) {
	person, err := newPerson(in.Name, in.Email, in.Password)
	if err != nil {
		return uuid.Nil, err
	}
	role, err := grantableRole(ctx, m.Tenant, in.Role)
	if err != nil {
		return uuid.Nil, err
	}
	if person.PasswordHash, err = m.Hasher.Hash(ctx, in.Password); err != nil {
		return uuid.Nil, err
	}
	err = m.Platform.Tx(ctx, func(tx *db.PlatformTx) error {
		person, err = insertPerson(ctx, tx, person)
		if err != nil {
			return err
		}
		tenantID := tenancy.From(ctx).TenantID
		if err := insertMembership(ctx, tx, tenantID, role, person); err != nil {
			return err
		}
		return record(ctx, tx, tenantID, audit.Act{Action: audit.MemberCreated, ObjectID: person.ID, After: map[string]any{"role_id": role}})
	})
	return person.ID, err
}

// grantableRole returns the id of a role the caller may give.
func grantableRole(ctx context.Context, q db.Queryer, key string) (uuid.UUID, error) {
	role, err := roleByKey(ctx, q, key)
	if errors.Is(err, domain.ErrNotFound) {
		return uuid.Nil, domain.InvalidField("role", "unknown", "is not a role of this workspace")
	}
	if err != nil {
		return uuid.Nil, err
	}
	return role.ID, CheckGrant(tenancy.From(ctx), role.Permissions, role.Scopes)
}
