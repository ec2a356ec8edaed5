package access

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// RoleName is a role by name; a custom one has no key.
type RoleName struct {
	ID   uuid.UUID `db:"id"   json:"id"`
	Key  *string   `db:"key"  json:"key"`
	Name string    `db:"name" json:"name"`
}

// errGrantsTooMuch names the first right the caller lacks, as `permission`.
var errGrantsTooMuch = domain.ErrDenied.Saying("You cannot give or change what may more than you.")

// CheckGrant lets nobody grant what they do not hold: neither rights nor rows. Nor may
// anybody change or end what they could not have granted.
func CheckGrant(by tenancy.Scope, permissions, scopes []string) error {
	for _, p := range permissions {
		if !by.Permissions.Has(tenancy.Permission(p)) {
			return errGrantsTooMuch.Naming(map[string]any{"permission": p})
		}
	}
	want, have := rowScope(scopes), by.Rows
	if !have.All && (want.All || want.Own && !have.Own || want.Team && !have.Team || want.Channel && !have.Channel) {
		return errGrantsTooMuch
	}
	return nil
}

func permissionSet(names []string) tenancy.Permissions {
	set := make(tenancy.Permissions, len(names))
	for _, n := range names {
		set[tenancy.Permission(n)] = struct{}{}
	}
	return set
}

func permissionNames(set tenancy.Permissions) []string {
	names := []string{}
	for _, p := range set.List() {
		names = append(names, string(p))
	}
	return names
}

func rowScope(names []string) tenancy.RowScope {
	var s tenancy.RowScope
	for _, n := range names {
		switch n {
		case "own":
			s.Own = true
		case "team":
			s.Team = true
		case "channel":
			s.Channel = true
		case "all":
			s.All = true
		}
	}
	return s
}

func scopeNames(s tenancy.RowScope) []string {
	names := []string{}
	for _, one := range []struct {
		name string
		has  bool
	}{{"own", s.Own}, {"team", s.Team}, {"channel", s.Channel}, {"all", s.All}} {
		if one.has {
			names = append(names, one.name)
		}
	}
	return names
}

// builtinRole is a row of roles that every tenant starts with.
type builtinRole struct {
	ID          uuid.UUID `json:"id"`
	Key         string    `json:"key"`
	Name        string    `json:"name"`
	Permissions []string  `json:"permissions"`
	Scopes      []string  `json:"scopes"`
	Reveal      []string  `json:"reveal"`
}

// Reveals are the levels of a contact's fields a role may see in clear.
func Reveals() []string { return []string{"masked", "encrypted"} }

// insertBuiltinRoles gives a tenant its roles and returns the owner's.
func insertBuiltinRoles(ctx context.Context, tx *db.PlatformTx, tenantID uuid.UUID) (uuid.UUID, error) {
	var owner uuid.UUID
	var rows []builtinRole
	for _, role := range tenancy.BuiltinRoles() {
		row := builtinRole{db.NewID(), role.Key, role.Name, permissionNames(role.Permissions), scopeNames(role.Rows), []string{}}
		if role.Permissions.Has(tenancy.ContactViewPII) {
			row.Reveal = Reveals()
		}
		if row.Key == "owner" {
			owner = row.ID
		}
		rows = append(rows, row)
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return owner, fmt.Errorf("encode roles: %w", err)
	}
	_, err = db.Exec(ctx, tx, `
		insert into roles (tenant_id, id, key, name, builtin, permissions, scopes, reveal)
		select $1, r.id, r.key, r.name, true, r.permissions, r.scopes, r.reveal
		from jsonb_to_recordset($2::text::jsonb) as r (id uuid, key text, name text, permissions text[], scopes text[], reveal text[])`,
		tenantID, string(list))
	return owner, err
}
