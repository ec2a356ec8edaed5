package access

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

// Members are the people of a tenant.
type Members struct {
	Tenant   *db.Tenant
	Platform *db.Platform
	Hasher   *passwords.Hasher
	Cursors  *tenancy.Cursors
}

// Member is a person as their tenant sees them. Its id is the person's.
type Member struct {
	ID       uuid.UUID   `db:"id"        json:"id"`
	Name     string      `db:"name"      json:"name"`
	Email    string      `db:"email"     json:"email"`
	Role     RoleName    `db:"role"      json:"role"`
	Status   string      `db:"status"    json:"status"`
	Teams    teams       `db:"teams"     json:"teams"`
	JoinedAt domain.Time `db:"joined_at" json:"joined_at"`
	// Position in the list: the membership's id.
	Position uuid.UUID `db:"position" json:"-"`
}

// CreateMember makes an account for somebody, with a role by its key.
type CreateMember struct {
	Name     string `json:"name"     validate:"required,max=80"`
	Email    string `json:"email"    validate:"required,email,max=254"`
	Password string `json:"password" validate:"required"`
	Role     string `json:"role"     validate:"required,max=80"`
}

// Create makes a person and their membership of the caller's tenant, in team
// Everyone. A known e-mail is ErrEmailKnown: whoever has an account is invited, not
// made. A role that may more than the caller is denied.
func (m *Members) Create(ctx context.Context, in CreateMember) (Member, error) {
	person, err := newPerson(in.Name, in.Email, in.Password)
	if err != nil {
		return Member{}, err
	}
	role, err := grantableRole(ctx, m.Tenant, in.Role)
	if err != nil {
		return Member{}, err
	}
	if person.PasswordHash, err = m.Hasher.Hash(ctx, in.Password); err != nil {
		return Member{}, err
	}
	err = m.Platform.Tx(ctx, func(tx *db.PlatformTx) error {
		person, err = insertPerson(ctx, tx, person)
		if err != nil {
			return err
		}
		return insertMembership(ctx, tx, tenancy.From(ctx).TenantID, role, person)
	})
	if err != nil {
		return Member{}, err
	}
	return memberByID(ctx, m.Tenant, person.ID)
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

// ListMembers asks for a page of them.
type ListMembers struct {
	Limit  int    `query:"limit"  json:"-" validate:"omitempty,min=1,max=200"`
	Cursor string `query:"cursor" json:"-"`
}

const membersList = "members"

// List returns the tenant's members, newest first.
func (m *Members) List(ctx context.Context, in ListMembers) (domain.Page[Member], error) {
	limit, before := 50, uuid.Max
	if in.Limit > 0 {
		limit = in.Limit
	}
	if in.Cursor != "" {
		if err := m.Cursors.Open(ctx, membersList, in.Cursor, &before); err != nil {
			return domain.Page[Member]{}, err
		}
	}
	// One more than asked for says whether there is another page.
	rows, err := listMembers(ctx, m.Tenant, before, limit+1)
	if err != nil {
		return domain.Page[Member]{}, err
	}
	page := domain.Page[Member]{Items: rows}
	if len(rows) > limit {
		page.Items = rows[:limit]
		next, err := m.Cursors.Seal(ctx, membersList, rows[limit-1].Position)
		if err != nil {
			return domain.Page[Member]{}, err
		}
		page.NextCursor = &next
	}
	return page, nil
}
