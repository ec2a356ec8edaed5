package people

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
)

const teamColumns = `t.id, t.name, t.timezone, t.everyone, t.archived_at, t.version, t.created_at,
	array(select c.id::text from channels c where c.team_id = t.id order by c.id) as channel_ids,
	(select count(*) from team_members tm where tm.team_id = t.id) as member_count`

// Served by the primary key.
func listTeams(ctx context.Context, q db.Queryer, after uuid.UUID, archived bool, limit int) ([]Team, error) {
	return db.All[Team](ctx, q, `
		select `+teamColumns+`
		from teams t
		where t.id > $1 and (t.archived_at is not null) = $2
		order by t.id
		limit $3`, after, archived, limit)
}

func teamByID(ctx context.Context, q db.Queryer, id uuid.UUID) (Team, error) {
	return db.One[Team](ctx, q, `select `+teamColumns+` from teams t where t.id = $1`, id)
}

// teamForUpdate also keeps a channel from being pointed at the team meanwhile: its
// foreign key waits.
func teamForUpdate(ctx context.Context, tx *db.Tx, id uuid.UUID) (Team, error) {
	return db.One[Team](ctx, tx, `select `+teamColumns+` from teams t where t.id = $1 for update`, id)
}

func insertTeam(ctx context.Context, tx *db.Tx, t Team) error {
	_, err := db.Exec(ctx, tx, `insert into teams (id, name, timezone) values ($1, $2, $3)`, t.ID, t.Name, t.Timezone)
	return nameTaken(err, errTeamExists)
}

func updateTeam(ctx context.Context, tx *db.Tx, t Team) error {
	_, err := db.Exec(ctx, tx, `
		update teams set name = $2, timezone = $3, version = version + 1 where id = $1`, t.ID, t.Name, t.Timezone)
	return nameTaken(err, errTeamExists)
}

func archiveTeam(ctx context.Context, tx *db.Tx, id uuid.UUID, archived bool) error {
	return db.Must(db.Exec(ctx, tx, `
		update teams set archived_at = case when $2 then now() end, version = version + 1 where id = $1`, id, archived))
}

const teamMemberSelect = `
	select tm.user_id as id, m.name, tm.role
	from team_members tm join memberships m on m.user_id = tm.user_id`

func listTeamMembers(ctx context.Context, q db.Queryer, team, after uuid.UUID, limit int) ([]TeamMember, error) {
	return db.All[TeamMember](ctx, q, teamMemberSelect+`
		where tm.team_id = $1 and tm.user_id > $2
		order by tm.user_id
		limit $3`, team, after, limit)
}

func teamMember(ctx context.Context, q db.Queryer, team, user uuid.UUID) (TeamMember, error) {
	return db.One[TeamMember](ctx, q, teamMemberSelect+` where tm.team_id = $1 and tm.user_id = $2`, team, user)
}

func insertTeamMember(ctx context.Context, tx *db.Tx, in AddTeamMember) error {
	_, err := db.Exec(ctx, tx, `insert into team_members (team_id, user_id, role) values ($1, $2, $3)`, in.ID, in.UserID, in.Role)
	return err
}

func setTeamRole(ctx context.Context, tx *db.Tx, in UpdateTeamMember) error {
	return db.Must(db.Exec(ctx, tx, `update team_members set role = $3 where team_id = $1 and user_id = $2`, in.ID, in.UserID, in.Role))
}

func deleteTeamMember(ctx context.Context, tx *db.Tx, in RemoveTeamMember) error {
	return db.Must(db.Exec(ctx, tx, `delete from team_members where team_id = $1 and user_id = $2`, in.ID, in.UserID))
}

// touchMember marks a membership as another one than before.
func touchMember(ctx context.Context, tx *db.Tx, user uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `update memberships set version = version + 1 where user_id = $1`, user))
}
