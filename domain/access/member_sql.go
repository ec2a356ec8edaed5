package access

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
)

const memberColumns = `m.user_id as id, m.name, m.email, r.id as "role.id", r.key as "role.key", r.name as "role.name",
	m.status, m.joined_at, m.id as position,
	coalesce((select json_agg(json_build_object('id', tm.team_id, 'name', team.name, 'role', tm.role) order by team.name)
	          from team_members tm join teams team on team.id = tm.team_id
	          where tm.user_id = m.user_id), '[]') as teams`

func memberByID(ctx context.Context, q db.Queryer, userID uuid.UUID) (Member, error) {
	return db.One[Member](ctx, q, `
		select `+memberColumns+`
		from memberships m
		join roles r on r.id = m.role_id
		where m.user_id = $1`, userID)
}

// Served by the primary key read backwards.
func listMembers(ctx context.Context, q db.Queryer, before uuid.UUID, limit int) ([]Member, error) {
	return db.All[Member](ctx, q, `
		select `+memberColumns+`
		from memberships m
		join roles r on r.id = m.role_id
		where m.id < $1
		order by m.id desc
		limit $2`, before, limit)
}

// roleRow is a role with what it gives.
type roleRow struct {
	ID          uuid.UUID `db:"id"`
	Permissions db.Texts  `db:"permissions"`
	Scopes      db.Texts  `db:"scopes"`
}

func roleByKey(ctx context.Context, q db.Queryer, key string) (roleRow, error) {
	return db.One[roleRow](ctx, q, `select id, permissions, scopes from roles where key = $1`, key)
}
