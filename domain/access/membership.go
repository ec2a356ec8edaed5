package access

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"baraza/db"
)

// TenantName is a tenant as a list shows it.
type TenantName struct {
	ID   uuid.UUID `db:"id"   json:"id"`
	Slug string    `db:"slug" json:"slug"`
	Name string    `db:"name" json:"name"`
}

// Tenant is the one a session works in.
type Tenant struct {
	TenantName
	Status string `db:"status" json:"status"`
	Plan   string `db:"plan"   json:"plan"`
}

// Membership is a person's place in one of their tenants.
type Membership struct {
	Tenant TenantName `json:"tenant"`
	Role   RoleName   `json:"role"`
	Status string     `json:"status"`
}

// MyTeam is a team as its member sees it.
type MyTeam struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	// Role in the team: manager or agent.
	Role string `json:"role"`
}

// teams is a column of json_agg.
type teams []MyTeam

// Scan reads the column's text.
func (t *teams) Scan(v any) error {
	text, ok := v.([]byte)
	if !ok {
		return fmt.Errorf("cannot scan %T into teams", v)
	}
	return json.Unmarshal(text, t)
}

// place is a membership with its tenant and the rights it gives.
type place struct {
	Tenant      Tenant   `db:"tenant"`
	Role        RoleName `db:"role"`
	Status      string   `db:"status"`
	Permissions db.Texts `db:"permissions"`
	Scopes      db.Texts `db:"scopes"`
	Reveal      db.Texts `db:"reveal"`
	Teams       teams    `db:"teams"`
	// Security is what the tenant demands.
	Security SecuritySettings `db:"security"`
}

// places are a person's memberships, oldest first.
type places []place

// choose returns the wanted tenant, else the one of last time, else the oldest; nil
// when the person is an active member of none, or not of the wanted one.
func (p places) choose(wanted, last uuid.UUID) *place {
	var first, again *place
	for i := range p {
		one := &p[i]
		if one.Status != "active" {
			continue
		}
		switch {
		case wanted != uuid.Nil && one.Tenant.ID == wanted:
			return one
		case one.Tenant.ID == last:
			again = one
		}
		if first == nil {
			first = one
		}
	}
	switch {
	case wanted != uuid.Nil:
		return nil
	case again != nil:
		return again
	}
	return first
}

// some says whether an active membership's tenant demands it, every whether all do.
func (p places) some(demands func(SecuritySettings) bool) bool {
	return slices.ContainsFunc(p, func(one place) bool { return one.Status == "active" && demands(one.Security) })
}

func (p places) every(demands func(SecuritySettings) bool) bool {
	return p.some(demands) && !p.some(func(s SecuritySettings) bool { return !demands(s) })
}

func (p places) memberships() []Membership {
	list := make([]Membership, len(p))
	for i, one := range p {
		list[i] = Membership{Tenant: one.Tenant.TenantName, Role: one.Role, Status: one.Status}
	}
	return list
}

func listPlaces(ctx context.Context, q db.PlatformQueryer, userID uuid.UUID) (places, error) {
	return db.All[place](ctx, q, `
		select t.id as "tenant.id", t.slug as "tenant.slug", t.name as "tenant.name",
		       t.status as "tenant.status", t.plan as "tenant.plan",
		       r.id as "role.id", r.key as "role.key", r.name as "role.name",
		       m.status, r.permissions, r.scopes, r.reveal,
		       coalesce((select json_agg(json_build_object('id', tm.team_id, 'name', team.name, 'role', tm.role) order by team.name)
		                 from team_members tm
		                 join teams team on team.tenant_id = tm.tenant_id and team.id = tm.team_id
		                 where tm.tenant_id = m.tenant_id and tm.user_id = m.user_id), '[]') as teams,
		       coalesce(security.require_2fa, false) as "security.require_2fa",
		       coalesce(security.email_codes, false) as "security.email_codes",
		       coalesce(security.new_device_codes, false) as "security.new_device_codes",
		       coalesce(security.password_max_age_days, 0) as "security.password_max_age_days"
		from memberships m
		join tenants t on t.id = m.tenant_id
		join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
		left join security_settings security on security.tenant_id = m.tenant_id
		where m.user_id = $1
		order by m.id`, userID)
}
