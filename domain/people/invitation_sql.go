package people

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/tenancy"
)

// uuids is a column of ids, cast to text[].
type uuids []uuid.UUID

// Scan reads the ids.
func (u *uuids) Scan(v any) error {
	var texts db.Texts
	if err := texts.Scan(v); err != nil {
		return err
	}
	*u = uuids{}
	for _, text := range texts {
		id, err := uuid.Parse(text)
		if err != nil {
			return fmt.Errorf("scan ids: %w", err)
		}
		*u = append(*u, id)
	}
	return nil
}

// invitationRow is an invitation as its link is made of.
type invitationRow struct {
	ID          uuid.UUID `db:"id"`
	TenantID    uuid.UUID `db:"tenant_id"`
	TenantName  string    `db:"tenant_name"`
	Email       string    `db:"email"`
	RoleID      uuid.UUID `db:"role_id"`
	RoleName    string    `db:"role_name"`
	RoleKey     *string   `db:"role_key"`
	Permissions db.Texts  `db:"permissions"`
	TeamIDs     uuids     `db:"team_ids"`
	Inviter     string    `db:"inviter"`
	Language    string    `db:"language"`
	Serial      int32     `db:"serial"`
}

// listInvitations reads the primary key backwards.
func listInvitations(ctx context.Context, q db.Queryer, before uuid.UUID, state string, limit int) ([]Invitation, error) {
	rows, err := db.All[invitationShown](ctx, q, `
		select * from (`+invitationSelect+` where i.id < $1) shown
		where $2 = '' or state = $2
		order by id desc
		limit $3`, before, state, limit)
	list := make([]Invitation, len(rows))
	for i, r := range rows {
		list[i] = r.view()
	}
	return list, err
}

// invitationShown is an invitation with its role, if that is still there.
type invitationShown struct {
	Invitation
	RoleID   *uuid.UUID `db:"role_id"`
	RoleKey  *string    `db:"role_key"`
	RoleName *string    `db:"role_name"`
}

func (r invitationShown) view() Invitation {
	if r.RoleID != nil {
		r.Role = &access.RoleName{ID: *r.RoleID, Key: r.RoleKey, Name: *r.RoleName}
	}
	return r.Invitation
}

const invitationSelect = `
	select i.id, i.email, r.id as role_id, r.key as role_key, r.name as role_name, i.team_ids::text[] as team_ids,
	       i.inviter_name as inviter, i.expires_at, i.created_at,
	       case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
	            when i.expires_at <= now() then 'expired' else 'open' end as state
	from invitations i
	left join roles r on r.id = i.role_id`

func invitationByID(ctx context.Context, q db.Queryer, id uuid.UUID) (Invitation, error) {
	row, err := db.One[invitationShown](ctx, q, invitationSelect+` where i.id = $1`, id)
	return row.view(), err
}

func isMember(ctx context.Context, tx *db.Tx, email string) (bool, error) {
	return db.One[bool](ctx, tx, `select exists (select from memberships where lower(email) = $1)`, strings.ToLower(email))
}

// insertInvitation takes the place of one for the same address that ran out.
func insertInvitation(ctx context.Context, tx *db.Tx, row invitationRow, in CreateInvitation, hash []byte) error {
	_, err := db.Exec(ctx, tx, `
		update invitations set revoked_at = now()
		where email_lower = $1 and accepted_at is null and revoked_at is null and expires_at <= now()`, strings.ToLower(row.Email))
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		insert into invitations (id, email, email_lower, role_id, team_ids, inviter_id, inviter_name, language, serial, token_hash, expires_at)
		values ($1, $2, $3, $4, coalesce($5::uuid[], '{}'), $6, coalesce((select name from memberships where user_id = $6), ''),
		        coalesce(nullif($7, ''), 'en'), $8, $9, now() + $10::interval)`,
		row.ID, row.Email, strings.ToLower(row.Email), in.RoleID, in.TeamIDs, tenancy.From(ctx).UserID, row.Language, row.Serial, hash,
		invitationLife.String())
	if errors.Is(err, domain.ErrExists) {
		return errInvited.With(err)
	}
	return err
}

const linkColumns = `i.id, i.email, coalesce(i.role_id, '00000000-0000-0000-0000-000000000000') as role_id, i.team_ids::text[] as team_ids,
	i.inviter_name as inviter, i.language, i.serial`

// lockInvitation finds one that is neither accepted nor taken back.
func lockInvitation(ctx context.Context, tx *db.Tx, id uuid.UUID) (invitationRow, error) {
	return db.One[invitationRow](ctx, tx, `
		select `+linkColumns+` from invitations i
		where i.id = $1 and i.accepted_at is null and i.revoked_at is null
		for update`, id)
}

// openInvitation finds one whose link works.
func openInvitation(ctx context.Context, q db.Queryer, id uuid.UUID) (invitationRow, error) {
	return db.One[invitationRow](ctx, q, `
		select `+linkColumns+` from invitations i
		where i.id = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()`, id)
}

func renewInvitation(ctx context.Context, tx *db.Tx, row invitationRow, hash []byte) error {
	return db.Must(db.Exec(ctx, tx, `
		update invitations set serial = $2, token_hash = $3, expires_at = now() + $4::interval where id = $1`,
		row.ID, row.Serial, hash, invitationLife.String()))
}

func revokeInvitation(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `update invitations set revoked_at = now() where id = $1`, id))
}

// invitationByToken finds the invitation of a link that works, whatever its tenant.
func invitationByToken(ctx context.Context, q db.PlatformQueryer, hash []byte) (invitationRow, error) {
	return db.One[invitationRow](ctx, q, `
		select i.tenant_id, t.name as tenant_name, r.name as role_name, r.key as role_key, r.permissions, `+linkColumns+`
		from invitations i
		join tenants t on t.id = i.tenant_id
		join roles r on r.tenant_id = i.tenant_id and r.id = i.role_id
		where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
		  and t.status = 'active'`, hash)
}

// endedInvitation says why a link no longer works.
type endedInvitation struct {
	ID         uuid.UUID `db:"id"`
	Reason     string    `db:"reason"`
	Inviter    string    `db:"inviter"`
	TenantName string    `db:"tenant_name"`
}

// invitationEnd finds the invitation of a link that worked once.
func invitationEnd(ctx context.Context, q db.PlatformQueryer, hash []byte) (endedInvitation, error) {
	return db.One[endedInvitation](ctx, q, `
		select i.id, case when i.accepted_at is not null then 'accepted' when i.expires_at <= now() and i.revoked_at is null then 'expired'
		            else 'revoked' end as reason, i.inviter_name as inviter, t.name as tenant_name
		from invitations i
		join tenants t on t.id = i.tenant_id
		where i.token_hash = $1 and t.status = 'active'`, hash)
}

// remindedOf is an inviter and the guest whose link ran out.
type remindedOf struct {
	To        string `db:"email"`
	Name      string `db:"name"`
	Language  string `db:"locale"`
	Guest     string `db:"guest"`
	Workspace string `db:"workspace"`
	Slug      string `db:"slug"`
}

func reminder(ctx context.Context, q db.PlatformQueryer, id uuid.UUID) (remindedOf, error) {
	return db.One[remindedOf](ctx, q, `
		select u.email, u.name, u.locale, i.email as guest, t.name as workspace, t.slug
		from invitations i
		join tenants t on t.id = i.tenant_id
		join memberships m on m.tenant_id = i.tenant_id and m.user_id = i.inviter_id
		join users u on u.id = m.user_id
		where i.id = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at <= now()
		  and m.status = 'active' and t.status = 'active'`, id)
}

// useInvitation takes a link: of any number of uses one finds it.
func useInvitation(ctx context.Context, tx *db.PlatformTx, hash []byte) (invitationRow, error) {
	return db.One[invitationRow](ctx, tx, `
		update invitations i set accepted_at = now()
		where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > now() and i.role_id is not null
		returning i.tenant_id, `+linkColumns, hash)
}

func tenantName(ctx context.Context, q db.PlatformQueryer, id uuid.UUID) (string, error) {
	return db.One[string](ctx, q, `select name from tenants where id = $1`, id)
}
