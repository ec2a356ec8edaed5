package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

const personColumns = `id, name, email, password_hash, email_verified_at is not null as email_verified, locale, timezone,
	preferences::text as preferences, created_at, platform_role,
	exists (select from second_factors f where f.user_id = users.id and f.confirmed_at is not null) as totp_enabled`

func personByEmail(ctx context.Context, q db.PlatformQueryer, email string) (person, error) {
	return db.One[person](ctx, q, `select `+personColumns+` from users where email_lower = $1`, cleanEmail(email))
}

func personByID(ctx context.Context, q db.PlatformQueryer, id uuid.UUID) (person, error) {
	return db.One[person](ctx, q, `select `+personColumns+` from users where id = $1`, id)
}

func insertPerson(ctx context.Context, tx *db.PlatformTx, p person) (person, error) {
	row, err := db.One[person](ctx, tx, `
		insert into users (id, email, email_lower, password_hash, name) values ($1, $2, $3, $4, $5)
		returning `+personColumns, p.ID, p.Email, cleanEmail(p.Email), p.PasswordHash, p.Name)
	if errors.Is(err, domain.ErrExists) {
		return row, ErrEmailKnown.With(err)
	}
	return row, err
}

// updatePerson changes what is not nil. Preferences are merged one level deep, and
// nulls in them removed; past 16 KiB the row is not found.
func updatePerson(ctx context.Context, tx *db.PlatformTx, id uuid.UUID, to personChanges) (person, error) {
	return db.One[person](ctx, tx, `
		update users
		set name = coalesce($2, name),
		    locale = coalesce($3, locale),
		    timezone = coalesce($4, timezone),
		    preferences = jsonb_strip_nulls(preferences || coalesce($5::text, '{}')::jsonb)
		where id = $1
		  and length((preferences || coalesce($5::text, '{}')::jsonb)::text) <= 16384
		returning `+personColumns, id, to.Name, to.Locale, to.Timezone, to.Preferences)
}

func updatePassword(ctx context.Context, tx *db.PlatformTx, id uuid.UUID, hash string) error {
	return db.Must(db.Exec(ctx, tx, `
		update users set password_hash = $2, password_changed_at = now() where id = $1`, id, hash))
}

// replaceHash stores another hash of the same password, unless it changed meanwhile.
func replaceHash(ctx context.Context, platform *db.Platform, id uuid.UUID, old, hash string) error {
	_, err := db.Exec(ctx, platform, `update users set password_hash = $3 where id = $1 and password_hash = $2`, id, old, hash)
	return err
}

func markVerified(ctx context.Context, tx *db.PlatformTx, id uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `
		update users set email_verified_at = coalesce(email_verified_at, now()) where id = $1`, id))
}

// renameMemberships lets each tenant see the person's present name: tenant code never
// reads users.
func renameMemberships(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, name string) error {
	_, err := db.Exec(ctx, tx, `update memberships set name = $2 where user_id = $1`, userID, name)
	return err
}

// AnyTenant says whether there is a workspace.
func AnyTenant(ctx context.Context, q db.PlatformQueryer) (bool, error) {
	return db.One[bool](ctx, q, `select exists (select from tenants)`)
}

// lockTenants lets no tenant appear until the end of the transaction; reading goes on.
func lockTenants(ctx context.Context, tx *db.PlatformTx) error {
	_, err := db.Exec(ctx, tx, `lock table tenants in share row exclusive mode`)
	return err
}

// insertTenant takes the name's own slug, or one with a suffix while it, or one that
// looks like it, is taken. Every registration locks its e-mail before its slug.
func insertTenant(ctx context.Context, tx *db.PlatformTx, name string) (uuid.UUID, error) {
	id, base := db.NewID(), slugOf(name)
	for try := range 10 {
		slug := base
		if try > 0 {
			slug = withSuffix(base)
		}
		n, err := db.Exec(ctx, tx, `
			insert into tenants (id, slug, name) values ($1, $2, $3) on conflict do nothing`, id, slug, name)
		if err != nil || n == 1 {
			return id, err
		}
	}
	return id, domain.ErrInternal.With(fmt.Errorf("no free slug for %q", base))
}

func insertTenantKey(ctx context.Context, tx *db.PlatformTx, tenantID uuid.UUID, wrapped []byte) error {
	_, err := db.Exec(ctx, tx, `insert into tenant_keys (tenant_id, wrapped) values ($1, $2)`, tenantID, wrapped)
	return err
}

func insertEveryone(ctx context.Context, tx *db.PlatformTx, tenantID uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `
		insert into teams (tenant_id, id, name, everyone) values ($1, $2, 'Everyone', true)`, tenantID, db.NewID())
	return err
}

// insertMembership makes the person a member, and one of Everyone.
func insertMembership(ctx context.Context, tx *db.PlatformTx, tenantID, roleID uuid.UUID, p person) error {
	_, err := db.Exec(ctx, tx, `
		insert into memberships (tenant_id, id, user_id, role_id, name, email) values ($1, $2, $3, $4, $5, $6)`,
		tenantID, db.NewID(), p.ID, roleID, p.Name, p.Email)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		insert into team_members (tenant_id, team_id, user_id)
		select tenant_id, id, $2 from teams where tenant_id = $1 and everyone`, tenantID, p.ID)
	return err
}

// insertTeamMember puts a new member into teams there still are.
func insertTeamMember(ctx context.Context, tx *db.PlatformTx, at Place, userID uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `
		insert into team_members (tenant_id, team_id, user_id)
		select tenant_id, id, $3 from teams where tenant_id = $1 and id = any($2) and not everyone and archived_at is null`, at.TenantID, at.Teams, userID)
	return err
}
