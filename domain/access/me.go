package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/palette"
	"baraza/tenancy"
)

// Me is the caller, the tenant they work in, and what they may do there.
type Me struct {
	User        User          `json:"user"`
	Tenant      *Tenant       `json:"tenant"`
	Membership  *MyMembership `json:"membership"`
	Memberships []Membership  `json:"memberships"`
	Appearance  Appearance    `json:"appearance"`
}

// Appearance is how the tenant's screens look where that is not the product's own look.
type Appearance struct {
	// Palette is null for the product's own colours.
	Palette *palette.Palette `json:"palette"`
	// Labels of the rail's items, by language and item.
	Labels map[string]map[string]string `json:"labels"`
}

// MyMembership is what the caller's role and teams give.
type MyMembership struct {
	Role        RoleName `json:"role"`
	Permissions []string `json:"permissions"`
	Scopes      []string `json:"scopes"`
	Reveal      []string `json:"reveal"`
	Teams       []MyTeam `json:"teams"`
}

// Me answers for a suspended tenant too.
func (a *Accounts) Me(ctx context.Context, _ domain.None) (Me, error) {
	user, err := personByID(ctx, a.DB, tenancy.From(ctx).UserID)
	if err != nil {
		return Me{}, err
	}
	return me(ctx, a.DB, user)
}

func me(ctx context.Context, q db.PlatformQueryer, user person) (Me, error) {
	all, err := listPlaces(ctx, q, user.ID)
	if err != nil {
		return Me{}, err
	}
	answer := Me{User: user.user(), Memberships: all.memberships(), Appearance: Appearance{Labels: map[string]map[string]string{}}}
	tenantID := tenancy.From(ctx).TenantID
	if tenantID == uuid.Nil {
		return answer, nil
	}
	if at := all.choose(tenantID, uuid.Nil); at != nil {
		answer.Tenant = &at.Tenant
		answer.Membership = &MyMembership{
			Role: at.Role, Permissions: at.Permissions, Scopes: at.Scopes, Reveal: at.Reveal, Teams: at.Teams,
		}
		answer.Appearance, err = readAppearance(ctx, q, tenantID)
	}
	return answer, err
}

// UpdateMe changes what is given. Members of preferences are set one by one; null
// removes one.
type UpdateMe struct {
	Name        domain.Optional[string]         `json:"name"        validate:"omitempty,max=80"`
	Locale      domain.Optional[string]         `json:"locale"      validate:"omitempty,max=35,bcp47_language_tag"`
	Timezone    domain.Optional[string]         `json:"timezone"    validate:"omitempty,max=64,timezone"`
	Preferences domain.Optional[jsontext.Value] `json:"preferences"`
}

// UpdateMe changes the person for all their tenants: each sees the new name.
func (a *Accounts) UpdateMe(ctx context.Context, in UpdateMe) (Me, error) {
	if in.Name.Set {
		clean, err := domain.Name("name", in.Name.Value)
		if err != nil {
			return Me{}, err
		}
		in.Name.Value = clean
	}
	changes, err := in.changes()
	if err != nil {
		return Me{}, err
	}
	var answer Me
	err = a.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		user, err := updatePerson(ctx, tx, tenancy.From(ctx).UserID, changes)
		if errors.Is(err, domain.ErrNotFound) && changes.Preferences != nil {
			return domain.InvalidField("preferences", "too_long", "at most 16 KiB in all")
		}
		if err != nil {
			return err
		}
		if changes.Name != nil {
			if err := renameMemberships(ctx, tx, user.ID, user.Name); err != nil {
				return err
			}
		}
		answer, err = me(ctx, tx, user)
		return err
	})
	return answer, err
}

// personChanges are the columns to set; nil leaves one as it is.
type personChanges struct{ Name, Locale, Timezone, Preferences *string }

func (in UpdateMe) changes() (personChanges, error) {
	var c personChanges
	for _, one := range []struct {
		field string
		given domain.Optional[string]
		into  **string
	}{
		{"name", in.Name, &c.Name}, {"locale", in.Locale, &c.Locale}, {"timezone", in.Timezone, &c.Timezone},
	} {
		switch {
		case one.given.Null:
			return c, domain.InvalidField(one.field, "required", "cannot be cleared")
		case one.given.Set:
			*one.into = &one.given.Value
		}
	}
	if !in.Preferences.Set {
		return c, nil
	}
	if in.Preferences.Value.Kind() != '{' {
		return c, domain.InvalidField("preferences", "invalid", "must be an object")
	}
	text := string(in.Preferences.Value)
	c.Preferences = &text
	return c, nil
}

// PaletteOf is what screens are painted with; nil for the product's own colours.
func PaletteOf(accent, accentDark *string) *palette.Palette {
	if accent == nil {
		return nil
	}
	dark := ""
	if accentDark != nil {
		dark = *accentDark
	}
	p, ok := palette.Of(*accent, dark)
	if !ok {
		return nil
	}
	return &p
}

func readAppearance(ctx context.Context, q db.PlatformQueryer, tenantID uuid.UUID) (Appearance, error) {
	type row struct {
		Accent     *string `db:"accent"`
		AccentDark *string `db:"accent_dark"`
		Labels     string  `db:"labels"`
	}
	look := Appearance{Labels: map[string]map[string]string{}}
	r, err := db.One[row](ctx, q, `select accent, accent_dark, labels::text as labels from appearances where tenant_id = $1`, tenantID)
	if errors.Is(err, domain.ErrNotFound) {
		return look, nil
	}
	if err != nil {
		return look, err
	}
	look.Palette = PaletteOf(r.Accent, r.AccentDark)
	var labels []struct {
		Language string `json:"language"`
		Item     string `json:"item"`
		Label    string `json:"label"`
	}
	if err := json.Unmarshal([]byte(r.Labels), &labels); err != nil {
		return look, domain.ErrInternal.With(fmt.Errorf("read labels: %w", err))
	}
	for _, l := range labels {
		if look.Labels[l.Language] == nil {
			look.Labels[l.Language] = map[string]string{}
		}
		look.Labels[l.Language][l.Item] = l.Label
	}
	return look, nil
}
