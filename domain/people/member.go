package people

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/audit"
	"baraza/domain/chat"
	"baraza/tenancy"
)

// Members are the people of a workspace.
type Members struct {
	DB          *db.Tenant
	Accounts    *access.Members
	Sessions    *access.Sessions
	TwoFactor   *access.TwoFactor
	Revocations *access.Revocations
	Cursors     *tenancy.Cursors
}

// Member is a person as their workspace sees them. Its id is the person's. Who may not
// manage members sees id and name alone; the rest is null.
type Member struct {
	ID    uuid.UUID        `json:"id"`
	Name  string           `json:"name"`
	Email *string          `json:"email"`
	Role  *access.RoleName `json:"role"`
	State *string          `json:"state" enum:"active,suspended"`
	Teams []access.MyTeam  `json:"teams"`
	// LastSeenAt is when they were last signed in here; null for never.
	LastSeenAt *domain.Time `json:"last_seen_at"`
	JoinedAt   *domain.Time `json:"joined_at"`
}

// States of a member. Who is suspended cannot come in, and can be let in again.
const (
	active    = "active"
	suspended = "suspended"
)

// Refusals about members.
var (
	ErrLastOwner = &domain.Error{Kind: domain.Conflict, Code: "last_owner",
		Detail: "A workspace keeps an owner. Make somebody else one first."}
	errNoSuccessor = domain.InvalidField("reassign_to", "unknown", "is nobody here who may answer customers")
)

// Create makes an account for somebody: access.Members.Create says more.
func (m *Members) Create(ctx context.Context, in access.CreateMember) (Member, error) {
	id, err := m.Accounts.Create(ctx, in)
	if err != nil {
		return Member{}, err
	}
	return m.Get(ctx, GetMember{id})
}

// ListMembers asks for a page of them. Only who manages members may filter by what
// others do not see.
type ListMembers struct {
	tenancy.Paging
	// Search is part of a name, or of an e-mail.
	Search string     `query:"search" json:"-" validate:"max=100"`
	Role   *uuid.UUID `query:"role"   json:"-"`
	Team   *uuid.UUID `query:"team"   json:"-"`
	State  string     `query:"state"  json:"-" validate:"omitempty,oneof=active suspended"`
}

const membersList = "members"

// List returns the workspace's members, newest first. To who does not manage them, the
// names of the active ones.
func (m *Members) List(ctx context.Context, in ListMembers) (domain.Page[Member], error) {
	caller, err := anyMember(ctx)
	if err != nil {
		return domain.Page[Member]{}, err
	}
	manages := caller.May(tenancy.MemberManage)
	if !manages {
		if in.Role != nil || in.Team != nil || in.State != "" {
			return domain.Page[Member]{}, domain.ErrDenied.Naming(map[string]any{"permission": tenancy.MemberManage})
		}
		in.State = active
	}
	before, err := in.From(ctx, m.Cursors, membersList, uuid.Max)
	if err != nil {
		return domain.Page[Member]{}, err
	}
	rows, err := listMembers(ctx, m.DB, in, manages, before)
	if err != nil {
		return domain.Page[Member]{}, err
	}
	found, err := tenancy.PageOf(ctx, m.Cursors, membersList, in.Paging, rows, func(r memberRow) uuid.UUID { return r.Position })
	if err != nil {
		return domain.Page[Member]{}, err
	}
	items, err := m.view(ctx, manages, found.Items...)
	return domain.Page[Member]{Items: items, NextCursor: found.NextCursor}, err
}

// GetMember asks for one.
type GetMember struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// Get returns a member.
func (m *Members) Get(ctx context.Context, in GetMember) (Member, error) {
	caller, err := anyMember(ctx)
	if err != nil {
		return Member{}, err
	}
	row, err := memberByID(ctx, m.DB, in.ID)
	if err != nil {
		return Member{}, err
	}
	items, err := m.view(ctx, caller.May(tenancy.MemberManage), row)
	if err != nil {
		return Member{}, err
	}
	return items[0], nil
}

// view shows rows as the caller may see them.
func (m *Members) view(ctx context.Context, whole bool, rows ...memberRow) ([]Member, error) {
	list := make([]Member, len(rows))
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
		list[i] = Member{ID: r.ID, Name: r.Name, Teams: []access.MyTeam{}}
		if whole {
			list[i].Email, list[i].Role, list[i].State, list[i].Teams, list[i].JoinedAt = &r.Email, &r.Role, &r.State, r.Teams, &r.JoinedAt
		}
	}
	if !whole {
		return list, nil
	}
	seen, err := m.Sessions.LastSeen(ctx, ids)
	for i := range list {
		if at, ok := seen[list[i].ID]; ok {
			list[i].LastSeenAt = &at
		}
	}
	return list, err
}

// UpdateMember changes what is given of a membership; the person's name, e-mail and
// password are their own.
type UpdateMember struct {
	ID     uuid.UUID                  `param:"id" json:"-"`
	RoleID domain.Optional[uuid.UUID] `json:"role_id"`
	State  domain.Optional[string]    `json:"state" validate:"omitempty,oneof=active suspended"`
	// TeamIDs are all the teams they are in, besides Everyone.
	TeamIDs domain.Optional[[]uuid.UUID] `json:"team_ids" validate:"omitempty,max=200,unique"`
	// ReassignTo gets the open conversations of who can no longer answer them. Without
	// it they go back to their queues.
	ReassignTo *uuid.UUID `json:"reassign_to"`
}

// Update changes a member's role, state and teams, felt within a second. ErrLastOwner
// for the last owner's; denied for who may more than the caller.
func (m *Members) Update(ctx context.Context, in UpdateMember) (Member, error) {
	if in.RoleID.Null || in.State.Null || in.TeamIDs.Null {
		return Member{}, domain.InvalidField("role_id", "required", "role, state and teams can be changed, not cleared")
	}
	err := m.Revocations.Change(ctx, m.DB, func(tx *db.Tx) ([]uuid.UUID, error) {
		before, err := lockMember(ctx, tx, in.ID)
		if err != nil {
			return nil, err
		}
		to, err := successor(ctx, tx, in.ID, in.ReassignTo)
		if err != nil {
			return nil, err
		}
		after := before
		if in.State.Set {
			after.State = in.State.Value
		}
		if in.RoleID.Set {
			if after.standing, err = grantable(ctx, tx, in.RoleID.Value); err != nil {
				return nil, err
			}
		}
		act := audit.Act{Action: audit.MemberChanged, ObjectID: in.ID}
		act.Before, act.After = audit.Changed(before.members(), after.members())
		if in.TeamIDs.Set {
			was, is, err := setTeams(ctx, tx, in.ID, in.TeamIDs.Value)
			if err != nil {
				return nil, err
			}
			if len(was)+len(is) > 0 {
				act.Before["left_teams"], act.After["joined_teams"] = was, is
			}
		}
		if len(act.After) == 0 {
			return nil, nil
		}
		if err := updateMember(ctx, tx, after); err != nil {
			return nil, err
		}
		if err := settle(ctx, tx, before, after, to, act.After); err != nil {
			return nil, err
		}
		return []uuid.UUID{in.ID}, audit.Record(ctx, tx, act)
	})
	if err != nil {
		return Member{}, err
	}
	return m.Get(ctx, GetMember{in.ID})
}

// RemoveMember ends a membership, not the person.
type RemoveMember struct {
	ID         uuid.UUID  `param:"id" json:"-"`
	ReassignTo *uuid.UUID `query:"reassign_to" json:"-"`
}

// Remove ends a membership. What they had open goes to ReassignTo, else back to the
// queues. ErrLastOwner for the last owner's.
func (m *Members) Remove(ctx context.Context, in RemoveMember) (domain.None, error) {
	return domain.None{}, m.Revocations.Change(ctx, m.DB, func(tx *db.Tx) ([]uuid.UUID, error) {
		before, err := lockMember(ctx, tx, in.ID)
		if err != nil {
			return nil, err
		}
		to, err := successor(ctx, tx, in.ID, in.ReassignTo)
		if err != nil {
			return nil, err
		}
		act := audit.Act{Action: audit.MemberRemoved, ObjectID: in.ID, Before: before.members(), After: map[string]any{}}
		if err := settle(ctx, tx, before, memberRow{}, to, act.After); err != nil {
			return nil, err
		}
		if err := deleteMember(ctx, tx, in.ID); err != nil {
			return nil, err
		}
		return []uuid.UUID{in.ID}, audit.Record(ctx, tx, act)
	})
}

// settle keeps an owner in the workspace, and open conversations with who may answer:
// to, or nil UUID for their queues. It adds what became of them to what the log is told.
func settle(ctx context.Context, tx *db.Tx, before, after memberRow, to uuid.UUID, told map[string]any) error {
	if before.owns() && !after.owns() {
		if err := keepOwner(ctx, tx, before.ID); err != nil {
			return err
		}
	}
	if after.answers() {
		return nil
	}
	n, err := chat.HandOver(ctx, tx, before.ID, to)
	if n > 0 {
		told["handed_over"] = n
		if to != uuid.Nil {
			told["reassigned_to"] = to
		}
	}
	return err
}

// successor is who gets somebody's open conversations; nil UUID when nobody was named.
func successor(ctx context.Context, tx *db.Tx, of uuid.UUID, named *uuid.UUID) (uuid.UUID, error) {
	if named == nil {
		return uuid.Nil, nil
	}
	may, err := mayAnswer(ctx, tx, *named)
	if err == nil && (!may || *named == of) {
		return uuid.Nil, errNoSuccessor
	}
	return *named, err
}

// keepOwner refuses to go on when nobody else is an owner who can come in.
func keepOwner(ctx context.Context, tx *db.Tx, without uuid.UUID) error {
	others, err := otherOwners(ctx, tx, without)
	if err == nil && !others {
		return ErrLastOwner
	}
	return err
}

// RevokeSessions signs a member out everywhere.
func (m *Members) RevokeSessions(ctx context.Context, in GetMember) (domain.None, error) {
	if err := m.mayChange(ctx, in.ID); err != nil {
		return domain.None{}, err
	}
	return domain.None{}, m.Sessions.EndOf(ctx, in.ID)
}

// ResetFactor takes the second factor of a member who lost it, and signs them out.
func (m *Members) ResetFactor(ctx context.Context, in GetMember) (domain.None, error) {
	if err := m.mayChange(ctx, in.ID); err != nil {
		return domain.None{}, err
	}
	return domain.None{}, m.TwoFactor.Reset(ctx, in.ID)
}

func (m *Members) mayChange(ctx context.Context, id uuid.UUID) error {
	row, err := memberByID(ctx, m.DB, id)
	if err != nil {
		return err
	}
	return access.CheckGrant(tenancy.From(ctx), row.Permissions, row.Scopes)
}

// lockMember returns a member the caller may change: one who may no more than they.
// Changes of a workspace's members follow one another.
func lockMember(ctx context.Context, tx *db.Tx, id uuid.UUID) (memberRow, error) {
	if err := lockOwners(ctx, tx); err != nil {
		return memberRow{}, err
	}
	row, err := memberByID(ctx, tx, id)
	if err != nil {
		return row, err
	}
	return row, access.CheckGrant(tenancy.From(ctx), row.Permissions, row.Scopes)
}

// grantable returns a role the caller may give.
func grantable(ctx context.Context, tx *db.Tx, id uuid.UUID) (standing, error) {
	role, err := standingOf(ctx, tx, id)
	if errors.Is(err, domain.ErrNotFound) {
		return role, domain.InvalidField("role_id", "unknown", "is no role of this workspace")
	}
	if err != nil {
		return role, err
	}
	return role, access.CheckGrant(tenancy.From(ctx), role.Permissions, role.Scopes)
}

// owns says whether the member is an owner who can come in.
func (r memberRow) owns() bool {
	return r.State == active && r.Role.Key != nil && *r.Role.Key == "owner"
}

// answers says whether the member can go on with what they have open.
func (r memberRow) answers() bool {
	return r.State == active && slices.Contains(r.Permissions, string(tenancy.ConversationReply))
}

// members are what the audit log tells of a membership.
func (r memberRow) members() map[string]any {
	return map[string]any{"role_id": r.Role.ID, "state": r.State}
}

// setTeams puts a member into these teams and no others but Everyone. It takes and
// gives only what the caller manages.
func setTeams(ctx context.Context, tx *db.Tx, user uuid.UUID, wanted []uuid.UUID) (left, joined []uuid.UUID, err error) {
	if err := allJoinable(ctx, tx, wanted); err != nil {
		return nil, nil, err
	}
	if left, err = leaveTeams(ctx, tx, user, wanted); err != nil {
		return nil, nil, err
	}
	if joined, err = joinTeams(ctx, tx, user, wanted); err != nil {
		return nil, nil, err
	}
	caller := tenancy.From(ctx)
	for _, team := range slices.Concat(left, joined) {
		if !manages(caller, team) {
			return nil, nil, errNotYourTeam
		}
	}
	return left, joined, nil
}

// allJoinable refuses teams that are not of this workspace.
func allJoinable(ctx context.Context, tx *db.Tx, teams []uuid.UUID) error {
	known, err := joinable(ctx, tx, teams)
	if err == nil && known != len(teams) {
		return domain.InvalidField("team_ids", "unknown", "names no team of this workspace that takes members")
	}
	return err
}

// mayFill says, by error, whether the caller may put somebody new into these teams.
func mayFill(ctx context.Context, tx *db.Tx, teams []uuid.UUID) error {
	if err := allJoinable(ctx, tx, teams); err != nil {
		return err
	}
	for _, team := range teams {
		if !manages(tenancy.From(ctx), team) {
			return errNotYourTeam
		}
	}
	return nil
}

var errNotYourTeam = domain.ErrDenied.Saying("This is not a team of yours.").Naming(map[string]any{"permission": tenancy.TeamManage})

// manages says whether somebody who may change teams may change this one.
func manages(s tenancy.Scope, team uuid.UUID) bool {
	return s.Rows.All || s.Rows.Team && slices.Contains(s.Teams, team) || slices.Contains(s.Manages, team)
}
