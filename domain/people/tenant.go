package people

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// Tenants shows and changes the caller's own.
type Tenants struct{ DB *db.Platform }

// CurrentTenant is the workspace the caller works in.
type CurrentTenant struct {
	ID   uuid.UUID `db:"id"   json:"id"`
	Slug string    `db:"slug" json:"slug"`
	Name string    `db:"name" json:"name"`
	// Timezone in which its days begin and end.
	Timezone string `db:"timezone" json:"timezone"`
	// Languages it speaks with customers, the first one by default.
	Languages db.Texts    `db:"languages"  json:"languages"`
	Status    string      `db:"status"     json:"status" enum:"active,suspended,deleting"`
	Plan      string      `db:"plan"       json:"plan"`
	CreatedAt domain.Time `db:"created_at" json:"created_at"`
}

var errSlugTaken = &domain.Error{
	Kind: domain.Conflict, Code: "already_exists", Detail: "Another workspace has this address, or one that looks like it.",
	Fields: []domain.FieldError{{Field: "slug", Code: "already_exists", Detail: "is another workspace's, or looks like one"}},
}

// Current returns the caller's workspace.
func (t *Tenants) Current(ctx context.Context, _ domain.None) (CurrentTenant, error) {
	caller, err := anyMember(ctx)
	if err != nil {
		return CurrentTenant{}, err
	}
	return db.One[CurrentTenant](ctx, t.DB, `select `+tenantColumns+` from tenants where id = $1`, caller.TenantID)
}

// UpdateTenant changes what is given.
type UpdateTenant struct {
	Name      domain.Optional[string]   `json:"name"      validate:"omitempty,max=80"`
	Slug      domain.Optional[string]   `json:"slug"      validate:"omitempty,max=40"`
	Timezone  domain.Optional[string]   `json:"timezone"  validate:"omitempty,max=64,timezone"`
	Languages domain.Optional[[]string] `json:"languages" validate:"omitempty,min=1,max=20,unique,dive,max=35,bcp47_language_tag"`
}

var slugs = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Update changes the caller's workspace. An address another one has, or one that can
// be mistaken for it, is already_exists.
func (t *Tenants) Update(ctx context.Context, in UpdateTenant) (CurrentTenant, error) {
	var after CurrentTenant
	err := t.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		before, err := db.One[CurrentTenant](ctx, tx, `select `+tenantColumns+` from tenants where id = $1 for update`, tenancy.From(ctx).TenantID)
		if err != nil {
			return err
		}
		if after, err = in.applied(before); err != nil {
			return err
		}
		was, is := audit.Changed(before.members(), after.members())
		if len(is) == 0 {
			return nil
		}
		if err := updateTenant(ctx, tx, after); err != nil {
			return err
		}
		return audit.RecordFor(ctx, tx, after.ID, audit.Act{Action: audit.TenantChanged, ObjectID: after.ID, Before: was, After: is})
	})
	return after, err
}

// applied is the workspace as it will be.
func (in UpdateTenant) applied(to CurrentTenant) (CurrentTenant, error) {
	for field, cleared := range map[string]bool{
		"name": in.Name.Null, "slug": in.Slug.Null, "timezone": in.Timezone.Null, "languages": in.Languages.Null,
	} {
		if cleared {
			return to, domain.InvalidField(field, "required", "cannot be cleared")
		}
	}
	if in.Name.Set {
		clean, err := domain.Name("name", in.Name.Value)
		if err != nil {
			return to, err
		}
		to.Name = clean
	}
	if in.Slug.Set {
		to.Slug = strings.ToLower(strings.TrimSpace(in.Slug.Value))
		if !slugs.MatchString(to.Slug) {
			return to, domain.InvalidField("slug", "invalid", "may hold letters a to z, digits and single hyphens between them")
		}
	}
	if in.Timezone.Set {
		to.Timezone = in.Timezone.Value
	}
	if in.Languages.Set {
		to.Languages = in.Languages.Value
	}
	return to, nil
}

// members are what the audit log tells of a workspace.
func (t CurrentTenant) members() map[string]any {
	return map[string]any{"name": t.Name, "slug": t.Slug, "timezone": t.Timezone, "languages": t.Languages}
}

const tenantColumns = `id, slug, name, timezone, languages, status, plan, created_at`

func updateTenant(ctx context.Context, tx *db.PlatformTx, t CurrentTenant) error {
	_, err := db.Exec(ctx, tx, `
		update tenants set name = $2, slug = $3, timezone = $4, languages = $5 where id = $1`, t.ID, t.Name, t.Slug, t.Timezone, t.Languages)
	if errors.Is(err, domain.ErrExists) {
		return errSlugTaken.With(err)
	}
	return err
}
