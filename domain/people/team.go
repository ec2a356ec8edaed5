package people

import (
	"context"
	"errors"
	"strconv"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// Teams are groups of members who share queues. Everybody is in team Everyone.
type Teams struct {
	DB          *db.Tenant
	Revocations *access.Revocations
	Cursors     *tenancy.Cursors
}

// Team is one of them.
type Team struct {
	ID       uuid.UUID `db:"id"       json:"id"`
	Name     string    `db:"name"     json:"name"`
	Timezone string    `db:"timezone" json:"timezone"`
	// Everyone is the team all members are in, for ever.
	Everyone bool `db:"everyone" json:"everyone"`
	// ArchivedAt is when the team ended: it takes neither people nor channels.
	ArchivedAt *domain.Time `db:"archived_at" json:"archived_at"`
	// ChannelIDs are the channels whose conversations wait in its queue.
	ChannelIDs  uuids       `db:"channel_ids"  json:"channel_ids"`
	MemberCount int64       `db:"member_count" json:"member_count"`
	Version     int64       `db:"version"      json:"version"`
	CreatedAt   domain.Time `db:"created_at"   json:"created_at"`
}

// ETag is the team's version.
func (t Team) ETag() string { return strconv.FormatInt(t.Version, 10) }

// Refusals about teams.
var (
	ErrEveryone  = &domain.Error{Kind: domain.Conflict, Code: "invalid_transition", Detail: "Everybody is in this team, and it stays."}
	ErrTeamInUse = &domain.Error{Kind: domain.Conflict, Code: "in_use",
		Detail: "Channels point at this team. Point them at another one first."}
	errArchived   = &domain.Error{Kind: domain.Conflict, Code: "invalid_transition", Detail: "This team is archived. Bring it back first."}
	errTeamExists = &domain.Error{
		Kind: domain.Conflict, Code: "already_exists", Detail: "There is a team of this name.",
		Fields: []domain.FieldError{{Field: "name", Code: "already_exists", Detail: "is another team's"}},
	}
	errInTeam = domain.ErrExists.Saying("This person is in the team already.")
)

// ListTeams asks for a page of them.
type ListTeams struct {
	tenancy.Paging
	// Archived asks for those that ended.
	Archived bool `query:"archived" json:"-"`
}

const (
	teamsList       = "teams"
	teamMembersList = "team_members"
)

// List returns the teams, oldest first. Their names are everybody's who may see teams:
// what they hold is not.
func (t *Teams) List(ctx context.Context, in ListTeams) (domain.Page[Team], error) {
	after, err := in.From(ctx, t.Cursors, teamsList, uuid.Nil)
	if err != nil {
		return domain.Page[Team]{}, err
	}
	rows, err := listTeams(ctx, t.DB, after, in.Archived, in.Rows())
	if err != nil {
		return domain.Page[Team]{}, err
	}
	return tenancy.PageOf(ctx, t.Cursors, teamsList, in.Paging, rows, func(one Team) uuid.UUID { return one.ID })
}

// NamedTeam names one.
type NamedTeam struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// Get returns a team.
func (t *Teams) Get(ctx context.Context, in NamedTeam) (Team, error) {
	return teamByID(ctx, t.DB, in.ID)
}

// CreateTeam is a new team.
type CreateTeam struct {
	Name     string `json:"name"     validate:"required,max=80"`
	Timezone string `json:"timezone" validate:"omitempty,max=64,timezone"`
}

// Create makes a team without members. It takes who sees all rows: whoever manages
// teams of their own cannot make others'.
func (t *Teams) Create(ctx context.Context, in CreateTeam) (Team, error) {
	if !tenancy.From(ctx).Rows.All {
		return Team{}, errNotYourTeam
	}
	clean, err := domain.Name("name", in.Name)
	if err != nil {
		return Team{}, err
	}
	team := Team{ID: db.NewID(), Name: clean, Timezone: in.Timezone}
	if team.Timezone == "" {
		team.Timezone = "UTC"
	}
	err = t.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := insertTeam(ctx, tx, team); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.TeamCreated, ObjectID: team.ID, After: team.members()})
	})
	if err != nil {
		return Team{}, err
	}
	return teamByID(ctx, t.DB, team.ID)
}

// UpdateTeam changes what is given.
type UpdateTeam struct {
	ID       uuid.UUID               `param:"id" json:"-"`
	Name     domain.Optional[string] `json:"name"     validate:"omitempty,max=80"`
	Timezone domain.Optional[string] `json:"timezone" validate:"omitempty,max=64,timezone"`
	IfMatch  string                  `header:"If-Match" json:"-"`
}

// Update changes a team the caller manages.
func (t *Teams) Update(ctx context.Context, in UpdateTeam) (Team, error) {
	if in.Name.Null || in.Timezone.Null {
		return Team{}, domain.InvalidField("name", "required", "name and time zone can be changed, not cleared")
	}
	err := t.DB.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockTeam(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := domain.CheckVersion(in.IfMatch, before.ETag()); err != nil {
			return err
		}
		after := before
		if in.Name.Set {
			if after.Name, err = domain.Name("name", in.Name.Value); err != nil {
				return err
			}
		}
		if in.Timezone.Set {
			after.Timezone = in.Timezone.Value
		}
		was, is := audit.Changed(before.members(), after.members())
		if len(is) == 0 {
			return nil
		}
		if err := updateTeam(ctx, tx, after); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.TeamChanged, ObjectID: in.ID, Before: was, After: is})
	})
	if err != nil {
		return Team{}, err
	}
	return teamByID(ctx, t.DB, in.ID)
}

// Archive ends a team no channel points at. Its people keep sight of the conversations
// that are still in it.
func (t *Teams) Archive(ctx context.Context, in NamedTeam) (domain.None, error) {
	return domain.None{}, t.DB.Tx(ctx, func(tx *db.Tx) error {
		team, err := lockTeam(ctx, tx, in.ID)
		switch {
		case err != nil:
			return err
		case team.Everyone:
			return ErrEveryone
		case len(team.ChannelIDs) > 0:
			return ErrTeamInUse.Naming(map[string]any{"channel_ids": team.ChannelIDs})
		case team.ArchivedAt != nil:
			return nil
		}
		if err := archiveTeam(ctx, tx, in.ID, true); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.TeamArchived, ObjectID: in.ID})
	})
}

// Restore brings an archived team back, with who was in it.
func (t *Teams) Restore(ctx context.Context, in NamedTeam) (Team, error) {
	err := t.DB.Tx(ctx, func(tx *db.Tx) error {
		team, err := lockTeam(ctx, tx, in.ID)
		if err != nil || team.ArchivedAt == nil {
			return err
		}
		if err := archiveTeam(ctx, tx, in.ID, false); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.TeamRestored, ObjectID: in.ID})
	})
	if err != nil {
		return Team{}, err
	}
	return teamByID(ctx, t.DB, in.ID)
}

// TeamMember is somebody in a team. Its id is the person's.
type TeamMember struct {
	ID   uuid.UUID `db:"id"   json:"id"`
	Name string    `db:"name" json:"name"`
	// Role in the team: a manager sees all of its conversations.
	Role string `db:"role" json:"role" enum:"manager,agent"`
}

// ListTeamMembers asks for a page of who is in a team.
type ListTeamMembers struct {
	tenancy.Paging
	ID uuid.UUID `param:"id" json:"-"`
}

// Members returns who is in a team.
func (t *Teams) Members(ctx context.Context, in ListTeamMembers) (domain.Page[TeamMember], error) {
	if _, err := teamByID(ctx, t.DB, in.ID); err != nil {
		return domain.Page[TeamMember]{}, err
	}
	list := teamMembersList + in.ID.String()
	after, err := in.From(ctx, t.Cursors, list, uuid.Nil)
	if err != nil {
		return domain.Page[TeamMember]{}, err
	}
	rows, err := listTeamMembers(ctx, t.DB, in.ID, after, in.Rows())
	if err != nil {
		return domain.Page[TeamMember]{}, err
	}
	return tenancy.PageOf(ctx, t.Cursors, list, in.Paging, rows, func(one TeamMember) uuid.UUID { return one.ID })
}

// AddTeamMember puts a member of the workspace into a team.
type AddTeamMember struct {
	ID     uuid.UUID `param:"id" json:"-"`
	UserID uuid.UUID `json:"user_id" validate:"required"`
	Role   string    `json:"role"    validate:"required,oneof=manager agent"`
}

// AddMember puts somebody into a team the caller manages, within a second.
func (t *Teams) AddMember(ctx context.Context, in AddTeamMember) (TeamMember, error) {
	err := t.change(ctx, in.ID, in.UserID, func(tx *db.Tx, team Team) (*audit.Act, error) {
		if team.ArchivedAt != nil {
			return nil, errArchived
		}
		err := insertTeamMember(ctx, tx, in)
		switch {
		case errors.Is(err, domain.ErrExists):
			return nil, errInTeam.With(err)
		case errors.Is(err, domain.ErrNotFound):
			return nil, domain.InvalidField("user_id", "unknown", "is no member of this workspace")
		}
		return &audit.Act{Action: audit.TeamMemberAdded, After: map[string]any{"user_id": in.UserID, "role": in.Role}}, err
	})
	if err != nil {
		return TeamMember{}, err
	}
	return teamMember(ctx, t.DB, in.ID, in.UserID)
}

// UpdateTeamMember makes somebody a manager or an agent of a team.
type UpdateTeamMember struct {
	ID     uuid.UUID `param:"id"      json:"-"`
	UserID uuid.UUID `param:"user_id" json:"-"`
	Role   string    `json:"role" validate:"required,oneof=manager agent"`
}

// UpdateMember changes somebody's role in a team the caller manages, within a second.
func (t *Teams) UpdateMember(ctx context.Context, in UpdateTeamMember) (TeamMember, error) {
	err := t.change(ctx, in.ID, in.UserID, func(tx *db.Tx, _ Team) (*audit.Act, error) {
		before, err := teamMember(ctx, tx, in.ID, in.UserID)
		if err != nil || before.Role == in.Role {
			return nil, err
		}
		return &audit.Act{
			Action: audit.TeamMemberChanged, Before: map[string]any{"user_id": in.UserID, "role": before.Role},
			After: map[string]any{"user_id": in.UserID, "role": in.Role},
		}, setTeamRole(ctx, tx, in)
	})
	if err != nil {
		return TeamMember{}, err
	}
	return teamMember(ctx, t.DB, in.ID, in.UserID)
}

// RemoveTeamMember names somebody in a team.
type RemoveTeamMember struct {
	ID     uuid.UUID `param:"id"      json:"-"`
	UserID uuid.UUID `param:"user_id" json:"-"`
}

// RemoveMember takes somebody out of a team the caller manages, within a second. Nobody
// leaves Everyone. What they have open stays theirs.
func (t *Teams) RemoveMember(ctx context.Context, in RemoveTeamMember) (domain.None, error) {
	return domain.None{}, t.change(ctx, in.ID, in.UserID, func(tx *db.Tx, team Team) (*audit.Act, error) {
		if team.Everyone {
			return nil, ErrEveryone
		}
		return &audit.Act{Action: audit.TeamMemberRemoved, Before: map[string]any{"user_id": in.UserID}}, deleteTeamMember(ctx, tx, in)
	})
}

// change runs fn on a team the caller manages, and has the rights of the person it is
// about read anew; nil says that nothing is different.
func (t *Teams) change(ctx context.Context, id, user uuid.UUID, fn func(*db.Tx, Team) (*audit.Act, error)) error {
	return t.Revocations.Change(ctx, t.DB, func(tx *db.Tx) ([]uuid.UUID, error) {
		team, err := lockTeam(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		act, err := fn(tx, team)
		if err != nil || act == nil {
			return nil, err
		}
		act.ObjectID = id
		if err := touchMember(ctx, tx, user); err != nil {
			return nil, err
		}
		return []uuid.UUID{user}, audit.Record(ctx, tx, *act)
	})
}

// lockTeam returns a team the caller manages; changes of a team follow one another.
func lockTeam(ctx context.Context, tx *db.Tx, id uuid.UUID) (Team, error) {
	team, err := teamForUpdate(ctx, tx, id)
	if err == nil && !manages(tenancy.From(ctx), id) {
		return team, errNotYourTeam
	}
	return team, err
}

// members are what the audit log tells of a team.
func (t Team) members() map[string]any { return map[string]any{"name": t.Name, "timezone": t.Timezone} }
