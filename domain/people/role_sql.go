package people

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
)

const roleColumns = `r.id, r.key, r.name, r.builtin, r.permissions, r.scopes, r.reveal, r.version,
	(select count(*) from memberships m where m.role_id = r.id) as member_count`

// Served by the primary key.
func listRoles(ctx context.Context, q db.Queryer, after uuid.UUID, limit int) ([]Role, error) {
	return db.All[Role](ctx, q, `
		select `+roleColumns+`
		from roles r
		where r.id > $1
		order by r.id
		limit $2`, after, limit)
}

func roleByID(ctx context.Context, q db.Queryer, id uuid.UUID) (Role, error) {
	return db.One[Role](ctx, q, `select `+roleColumns+` from roles r where r.id = $1`, id)
}

// lockRole keeps everybody from being given the role meanwhile: a membership's foreign
// key waits for this lock.
func lockRole(ctx context.Context, tx *db.Tx, id uuid.UUID) (Role, error) {
	return db.One[Role](ctx, tx, `select `+roleColumns+` from roles r where r.id = $1 for update`, id)
}

func insertRole(ctx context.Context, tx *db.Tx, r Role) error {
	_, err := db.Exec(ctx, tx, `
		insert into roles (id, name, permissions, scopes, reveal) values ($1, $2, $3, $4, $5)`,
		r.ID, r.Name, r.Permissions, r.Scopes, r.Reveal)
	return nameTaken(err, errRoleExists)
}

func updateRole(ctx context.Context, tx *db.Tx, r Role) error {
	_, err := db.Exec(ctx, tx, `
		update roles set name = $2, permissions = $3, scopes = $4, reveal = $5, version = version + 1 where id = $1`,
		r.ID, r.Name, r.Permissions, r.Scopes, r.Reveal)
	return nameTaken(err, errRoleExists)
}

func deleteRole(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `delete from roles where id = $1`, id))
}

// holders marks the memberships with a role as changed, and returns whose they are.
func holders(ctx context.Context, tx *db.Tx, id uuid.UUID) ([]uuid.UUID, error) {
	return db.All[uuid.UUID](ctx, tx, `
		update memberships set version = version + 1 where role_id = $1 returning user_id`, id)
}

// roleUses counts who has the role, or is invited to it.
func roleUses(ctx context.Context, tx *db.Tx, id uuid.UUID) (int64, error) {
	return db.One[int64](ctx, tx, `
		select (select count(*) from memberships where role_id = $1)
		     + (select count(*) from invitations
		        where role_id = $1 and accepted_at is null and revoked_at is null and expires_at > now())`, id)
}
