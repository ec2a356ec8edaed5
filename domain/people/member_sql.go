package people

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
)

// standing is a role as its holder has it.
type standing struct {
	Role        access.RoleName `db:"role"`
	Permissions db.Texts        `db:"permissions"`
	Scopes      db.Texts        `db:"scopes"`
}

// memberRow is a membership with its role and teams.
type memberRow struct {
	ID    uuid.UUID `db:"id"`
	Name  string    `db:"name"`
	Email string    `db:"email"`
	State string    `db:"state"`
	standing
	Teams    teamNames   `db:"teams"`
	JoinedAt domain.Time `db:"joined_at"`
	// Position in the list: the membership's id.
	Position uuid.UUID `db:"position"`
}

// teamNames is a column of json_agg.
type teamNames []access.MyTeam

// Scan reads the column's text.
func (t *teamNames) Scan(v any) error {
	text, ok := v.([]byte)
	if !ok {
		return fmt.Errorf("cannot scan %T into teams", v)
	}
	return json.Unmarshal(text, t)
}

const standingColumns = `r.id as "role.id", r.key as "role.key", r.name as "role.name", r.permissions, r.scopes`

const memberColumns = `m.user_id as id, m.name, m.email, m.status as state, ` + standingColumns + `, m.joined_at, m.id as position,
	coalesce((select json_agg(json_build_object('id', tm.team_id, 'name', team.name, 'role', tm.role) order by team.name)
	          from team_members tm join teams team on team.id = tm.team_id
	          where tm.user_id = m.user_id), '[]') as teams`

func memberByID(ctx context.Context, q db.Queryer, userID uuid.UUID) (memberRow, error) {
	return db.One[memberRow](ctx, q, `
		select `+memberColumns+`
		from memberships m
		join roles r on r.id = m.role_id
		where m.user_id = $1`, userID)
}

// listMembers reads the primary key backwards. The filters are no index's: a workspace's
// people are read in one go.
func listMembers(ctx context.Context, q db.Queryer, in ListMembers, emails bool, before uuid.UUID) ([]memberRow, error) {
	return db.All[memberRow](ctx, q, `
		select `+memberColumns+`
		from memberships m
		join roles r on r.id = m.role_id
		where m.id < $1
		  and ($2 = '' or strpos(lower(m.name), lower($2)) > 0 or $3 and strpos(lower(m.email), lower($2)) > 0)
		  and ($4::uuid is null or m.role_id = $4)
		  and ($5::uuid is null or exists (select from team_members tm where tm.user_id = m.user_id and tm.team_id = $5))
		  and ($6 = '' or m.status = $6)
		order by m.id desc
		limit $7`, before, in.Search, emails, in.Role, in.Team, in.State, in.Rows())
}

// lockOwners lets one change of members follow the other: of two owners who step back
// at once, the second one sees that they are the last. Giving a role to somebody new
// does not wait.
func lockOwners(ctx context.Context, tx *db.Tx) error {
	_, err := db.One[uuid.UUID](ctx, tx, `select id from roles where key = 'owner' for no key update`)
	return err
}

func otherOwners(ctx context.Context, tx *db.Tx, than uuid.UUID) (bool, error) {
	return db.One[bool](ctx, tx, `
		select exists (select from memberships m join roles r on r.id = m.role_id
		               where r.key = 'owner' and m.status = 'active' and m.user_id <> $1)`, than)
}

// mayAnswer says whether somebody can be given conversations: they see what is theirs
// and may reply.
func mayAnswer(ctx context.Context, tx *db.Tx, user uuid.UUID) (bool, error) {
	return db.One[bool](ctx, tx, `
		select exists (select from memberships m join roles r on r.id = m.role_id
		               where m.user_id = $1 and m.status = 'active'
		                 and r.permissions @> '{conversation.view,conversation.reply}' and r.scopes && '{own,all}')`, user)
}

func standingOf(ctx context.Context, tx *db.Tx, role uuid.UUID) (standing, error) {
	return db.One[standing](ctx, tx, `select `+standingColumns+` from roles r where r.id = $1 for key share`, role)
}

func updateMember(ctx context.Context, tx *db.Tx, to memberRow) error {
	return db.Must(db.Exec(ctx, tx, `
		update memberships set role_id = $2, status = $3, version = version + 1 where user_id = $1`, to.ID, to.Role.ID, to.State))
}

func deleteMember(ctx context.Context, tx *db.Tx, user uuid.UUID) error {
	if _, err := db.Exec(ctx, tx, `delete from team_members where user_id = $1`, user); err != nil {
		return err
	}
	return db.Must(db.Exec(ctx, tx, `delete from memberships where user_id = $1`, user))
}

// joinable counts those of the teams that take members.
func joinable(ctx context.Context, tx *db.Tx, teams []uuid.UUID) (int, error) {
	return db.One[int](ctx, tx, `select count(*) from teams where id = any($1) and archived_at is null`, teams)
}

func leaveTeams(ctx context.Context, tx *db.Tx, user uuid.UUID, but []uuid.UUID) ([]uuid.UUID, error) {
	return db.All[uuid.UUID](ctx, tx, `
		delete from team_members tm
		using teams t
		where tm.user_id = $1 and t.id = tm.team_id and not t.everyone and tm.team_id <> all($2)
		returning tm.team_id`, user, but)
}

func joinTeams(ctx context.Context, tx *db.Tx, user uuid.UUID, teams []uuid.UUID) ([]uuid.UUID, error) {
	return db.All[uuid.UUID](ctx, tx, `
		insert into team_members (team_id, user_id)
		select unnest($2::uuid[]), $1
		on conflict do nothing
		returning team_id`, user, teams)
}
