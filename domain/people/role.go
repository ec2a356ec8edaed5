package people

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// Roles are a workspace's: those it began with, which stay as they are, and its own.
type Roles struct {
	DB          *db.Tenant
	Revocations *access.Revocations
	Cursors     *tenancy.Cursors
}

// Role is what its holders may do, and to which rows.
type Role struct {
	ID uuid.UUID `db:"id" json:"id"`
	// Key of a built-in role; a custom one has none.
	Key     *string `db:"key"     json:"key"`
	Name    string  `db:"name"    json:"name"`
	Builtin bool    `db:"builtin" json:"builtin"`
	// Permissions of the closed list.
	Permissions db.Texts `db:"permissions" json:"permissions"`
	// Scopes are own, team, channel and all: the rows are the union.
	Scopes db.Texts `db:"scopes" json:"scopes"`
	// Reveal are the levels of contact fields shown in clear: masked, encrypted.
	Reveal      db.Texts `db:"reveal"       json:"reveal"`
	MemberCount int64    `db:"member_count" json:"member_count"`
	Version     int64    `db:"version"      json:"version"`
}

// ETag is the role's version.
func (r Role) ETag() string { return strconv.FormatInt(r.Version, 10) }

// Refusals about roles.
var (
	ErrBuiltin = &domain.Error{Kind: domain.Conflict, Code: "invalid_transition",
		Detail: "A built-in role stays as it is. Make a copy and change that."}
	ErrRoleInUse = &domain.Error{Kind: domain.Conflict, Code: "in_use",
		Detail: "People have this role, or are invited to it. Give them another one first."}
	errRoleExists = &domain.Error{
		Kind: domain.Conflict, Code: "already_exists", Detail: "There is a role of this name.",
		Fields: []domain.FieldError{{Field: "name", Code: "already_exists", Detail: "is another role's"}},
	}
)

// ListRoles asks for a page of them.
type ListRoles struct{ tenancy.Paging }

const rolesList = "roles"

// List returns the roles, the built-in ones first.
func (r *Roles) List(ctx context.Context, in ListRoles) (domain.Page[Role], error) {
	if _, err := anyMember(ctx); err != nil {
		return domain.Page[Role]{}, err
	}
	after, err := in.From(ctx, r.Cursors, rolesList, uuid.Nil)
	if err != nil {
		return domain.Page[Role]{}, err
	}
	rows, err := listRoles(ctx, r.DB, after, in.Rows())
	if err != nil {
		return domain.Page[Role]{}, err
	}
	return tenancy.PageOf(ctx, r.Cursors, rolesList, in.Paging, rows, func(one Role) uuid.UUID { return one.ID })
}

// GetRole asks for one.
type GetRole struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// Get returns a role.
func (r *Roles) Get(ctx context.Context, in GetRole) (Role, error) {
	if _, err := anyMember(ctx); err != nil {
		return Role{}, err
	}
	return roleByID(ctx, r.DB, in.ID)
}

// CreateRole is a new role, whole.
type CreateRole struct {
	Name        string   `json:"name"        validate:"required,max=80"`
	Permissions []string `json:"permissions" validate:"required,max=100,unique,dive,permission"`
	Scopes      []string `json:"scopes"      validate:"max=4,unique,dive,oneof=own team channel all"`
	Reveal      []string `json:"reveal"      validate:"max=2,unique,dive,oneof=masked encrypted"`
}

// Create makes a role. What the caller does not hold they cannot put into one.
func (r *Roles) Create(ctx context.Context, in CreateRole) (Role, error) {
	clean, err := domain.Name("name", in.Name)
	if err != nil {
		return Role{}, err
	}
	role := Role{ID: db.NewID(), Name: clean, Permissions: in.Permissions, Scopes: in.Scopes, Reveal: in.Reveal, Version: 1}
	if err := role.grantable(tenancy.From(ctx)); err != nil {
		return Role{}, err
	}
	err = r.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := insertRole(ctx, tx, role); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.RoleCreated, ObjectID: role.ID, After: role.members()})
	})
	if err != nil {
		return Role{}, err
	}
	return roleByID(ctx, r.DB, role.ID)
}

// UpdateRole changes what is given.
type UpdateRole struct {
	ID          uuid.UUID                 `param:"id" json:"-"`
	Name        domain.Optional[string]   `json:"name"        validate:"omitempty,max=80"`
	Permissions domain.Optional[[]string] `json:"permissions" validate:"omitempty,max=100,unique,dive,permission"`
	Scopes      domain.Optional[[]string] `json:"scopes"      validate:"omitempty,max=4,unique,dive,oneof=own team channel all"`
	Reveal      domain.Optional[[]string] `json:"reveal"      validate:"omitempty,max=2,unique,dive,oneof=masked encrypted"`
	IfMatch     string                    `header:"If-Match" json:"-"`
}

// Update changes a custom role for all who have it, within a second. The caller must
// hold what it gave before and what it gives afterwards.
func (r *Roles) Update(ctx context.Context, in UpdateRole) (Role, error) {
	err := r.Revocations.Change(ctx, r.DB, func(tx *db.Tx) ([]uuid.UUID, error) {
		before, err := lockCustomRole(ctx, tx, in.ID)
		if err != nil {
			return nil, err
		}
		if err := domain.CheckVersion(in.IfMatch, before.ETag()); err != nil {
			return nil, err
		}
		after, err := in.applied(before)
		if err != nil {
			return nil, err
		}
		was, is := audit.Changed(before.members(), after.members())
		if len(is) == 0 {
			return nil, nil
		}
		if err := updateRole(ctx, tx, after); err != nil {
			return nil, err
		}
		if err := audit.Record(ctx, tx, audit.Act{Action: audit.RoleChanged, ObjectID: in.ID, Before: was, After: is}); err != nil {
			return nil, err
		}
		return holders(ctx, tx, in.ID)
	})
	if err != nil {
		return Role{}, err
	}
	return roleByID(ctx, r.DB, in.ID)
}

// applied is the role as it will be.
func (in UpdateRole) applied(to Role) (Role, error) {
	if in.Name.Null {
		return to, domain.InvalidField("name", "required", "cannot be cleared")
	}
	if in.Name.Set {
		clean, err := domain.Name("name", in.Name.Value)
		if err != nil {
			return to, err
		}
		to.Name = clean
	}
	for _, one := range []struct {
		given domain.Optional[[]string]
		into  *db.Texts
	}{{in.Permissions, &to.Permissions}, {in.Scopes, &to.Scopes}, {in.Reveal, &to.Reveal}} {
		if one.given.Set {
			*one.into = one.given.Value
		}
	}
	return to, nil
}

// DeleteRole names one.
type DeleteRole struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// Delete removes a custom role that nobody has: ErrRoleInUse says how many do.
func (r *Roles) Delete(ctx context.Context, in DeleteRole) (domain.None, error) {
	return domain.None{}, r.DB.Tx(ctx, func(tx *db.Tx) error {
		role, err := lockCustomRole(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		n, err := roleUses(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if n > 0 {
			return ErrRoleInUse.Naming(map[string]any{"used": n})
		}
		if err := deleteRole(ctx, tx, in.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.RoleDeleted, ObjectID: in.ID, Before: role.members()})
	})
}

// lockCustomRole returns a role the caller may change.
func lockCustomRole(ctx context.Context, tx *db.Tx, id uuid.UUID) (Role, error) {
	role, err := lockRole(ctx, tx, id)
	switch {
	case err != nil:
		return role, err
	case role.Builtin:
		return role, ErrBuiltin
	}
	return role, role.grantable(tenancy.From(ctx))
}

// grantable says, by error, whether somebody may give what the role gives.
func (r Role) grantable(by tenancy.Scope) error {
	if len(r.Reveal) > 0 && !by.May(tenancy.ContactViewPII) {
		return domain.ErrDenied.Saying("You cannot reveal what you do not see.").Naming(map[string]any{"permission": tenancy.ContactViewPII})
	}
	return access.CheckGrant(by, r.Permissions, r.Scopes)
}

// members are what the audit log tells of a role.
func (r Role) members() map[string]any {
	sorted := func(list []string) []string {
		list = append([]string{}, list...)
		slices.Sort(list)
		return list
	}
	return map[string]any{
		"name": r.Name, "permissions": sorted(r.Permissions), "scopes": sorted(r.Scopes), "reveal": sorted(r.Reveal),
	}
}

// nameTaken gives a name's clash its own sentence.
func nameTaken(err error, taken *domain.Error) error {
	if errors.Is(err, domain.ErrExists) {
		return taken.With(err)
	}
	return err
}
