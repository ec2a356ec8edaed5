package people

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/chat"
	"baraza/tenancy"
)

// AG-06: teams and who is in them.
func TestTeams(t *testing.T) {
	t.Parallel()

	t.Run("are_made_changed_archived_and_brought_back", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		team, err := f.teams.Create(f.A, CreateTeam{Name: " Night shift "})
		require.NoError(t, err)
		require.Equal(t, []any{"Night shift", "UTC", false, int64(0)}, []any{team.Name, team.Timezone, team.Everyone, team.MemberCount})
		_, err = f.teams.Create(f.A, CreateTeam{Name: "Night shift"})
		require.ErrorIs(t, err, domain.ErrExists)
		changed, err := f.teams.Update(f.A, UpdateTeam{ID: team.ID, IfMatch: team.ETag(), Timezone: set("Africa/Nairobi")})
		require.NoError(t, err)
		require.Equal(t, "Africa/Nairobi", changed.Timezone)
		_, err = f.teams.Update(f.A, UpdateTeam{ID: team.ID, IfMatch: team.ETag(), Name: set("Late")})
		require.ErrorIs(t, err, domain.ErrVersionConflict)

		for range 2 {
			_, err = f.teams.Archive(f.A, NamedTeam{team.ID})
			require.NoError(t, err)
		}
		names := func(archived bool) (list []string) {
			page, err := f.teams.List(f.A, ListTeams{Archived: archived})
			require.NoError(t, err)
			for _, one := range page.Items {
				list = append(list, one.Name)
			}
			return list
		}
		require.Equal(t, []string{"Everyone"}, names(false))
		require.Equal(t, []string{"Night shift"}, names(true))
		_, err = f.teams.AddMember(f.A, AddTeamMember{ID: team.ID, UserID: userID(f.A), Role: "agent"})
		require.ErrorIs(t, err, errArchived)
		_, err = f.members.Update(f.A, UpdateMember{ID: userID(f.A), TeamIDs: set([]uuid.UUID{team.ID})})
		require.Equal(t, "team_ids", field(t, err))
		back, err := f.teams.Restore(f.A, NamedTeam{team.ID})
		require.NoError(t, err)
		require.Nil(t, back.ArchivedAt)
		require.Equal(t, []string{"team.created", "team.changed", "team.archived", "team.restored"}, f.acts(t, f.A, team.ID))
	})

	t.Run("stay_while_a_channel_points_at_them_and_everyone_for_ever", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		team := f.team(t, f.A, "Sales")
		f.conversation(t, f.A, team)
		_, err := f.teams.Archive(f.A, NamedTeam{team})
		require.ErrorIs(t, err, ErrTeamInUse)
		everyone := tenancy.From(f.A).Teams[0]
		_, err = f.teams.Archive(f.A, NamedTeam{everyone})
		require.ErrorIs(t, err, ErrEveryone)
		_, err = f.teams.RemoveMember(f.A, RemoveTeamMember{everyone, userID(f.A)})
		require.ErrorIs(t, err, ErrEveryone)
	})

	t.Run("are_managed_by_their_own", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		theirs, other := f.team(t, f.A, "Theirs"), f.team(t, f.A, "Other")
		scope := tenancy.From(f.member(t, f.A, "manager"))
		scope.Teams = append(scope.Teams, theirs)
		manager := tenancy.With(f.A, scope)
		_, err := f.teams.Update(manager, UpdateTeam{ID: theirs, Name: set("Ours")})
		require.NoError(t, err)
		who := userID(f.member(t, f.A, "agent"))
		_, err = f.teams.AddMember(manager, AddTeamMember{ID: theirs, UserID: who, Role: "manager"})
		require.NoError(t, err)
		for what, err := range map[string]error{
			"create":  failure(f.teams.Create(manager, CreateTeam{Name: "Mine"})),
			"update":  failure(f.teams.Update(manager, UpdateTeam{ID: other, Name: set("Mine")})),
			"archive": failure(f.teams.Archive(manager, NamedTeam{other})),
			"add":     failure(f.teams.AddMember(manager, AddTeamMember{ID: other, UserID: scope.UserID, Role: "manager"})),
		} {
			require.ErrorIs(t, err, domain.ErrDenied, what)
		}
	})

	t.Run("other_tenant_sees_and_changes_nothing", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		team, who := f.team(t, f.A, "Ours"), userID(f.member(t, f.A, "agent"))
		theirs := f.team(t, f.B, "Theirs")
		for what, err := range map[string]error{
			"get":     failure(f.teams.Get(f.B, NamedTeam{team})),
			"update":  failure(f.teams.Update(f.B, UpdateTeam{ID: team, Name: set("Mine")})),
			"archive": failure(f.teams.Archive(f.B, NamedTeam{team})),
			"restore": failure(f.teams.Restore(f.B, NamedTeam{team})),
			"members": failure(f.teams.Members(f.B, ListTeamMembers{ID: team})),
			"add":     failure(f.teams.AddMember(f.B, AddTeamMember{ID: team, UserID: userID(f.B), Role: "agent"})),
			"change":  failure(f.teams.UpdateMember(f.B, UpdateTeamMember{theirs, who, "agent"})),
			"remove":  failure(f.teams.RemoveMember(f.B, RemoveTeamMember{theirs, who})),
		} {
			require.ErrorIs(t, err, domain.ErrNotFound, what)
		}
		_, err := f.teams.AddMember(f.B, AddTeamMember{ID: theirs, UserID: who, Role: "agent"})
		require.Equal(t, "user_id", field(t, err))
		page, err := f.teams.List(f.B, ListTeams{})
		require.NoError(t, err)
		require.Len(t, page.Items, 2)
	})
}

// AG-07: a team's manager sees all its conversations, its agent the queue and their
// own: list, counts, detail and frames say the same.
func TestTeams_visibility(t *testing.T) {
	t.Parallel()
	f := setup(t)
	told := f.told()
	who, colleague := f.member(t, f.A, "agent"), f.member(t, f.A, "agent")
	session := f.signedIn(t, who)
	team, other := f.team(t, f.A, "Sales"), f.team(t, f.A, "Other")
	queued, theirs, own, elsewhere := f.conversation(t, f.A, team), f.conversation(t, f.A, team), f.conversation(t, f.A, other), f.conversation(t, f.A, other)
	for id, assignee := range map[uuid.UUID]context.Context{theirs: colleague, own: who} {
		f.run(t, f.A, `update conversations set status = 'active', assignee_id = $2 where id = $1`, id, userID(assignee))
	}
	conversations := &chat.Conversations{DB: f.Tenant, Cursors: f.cursors, Horizon: func(context.Context) string { return "" }}
	all := []uuid.UUID{queued, theirs, own, elsewhere}
	sees := func(want ...uuid.UUID) {
		t.Helper()
		scope, err := f.rights.Read(t.Context(), session, tenancy.From(f.A).TenantID)
		require.NoError(t, err)
		ctx := tenancy.With(t.Context(), scope)
		page, err := conversations.List(ctx, chat.ListConversations{})
		require.NoError(t, err)
		var listed []uuid.UUID
		for _, one := range page.Items {
			listed = append(listed, one.ID)
		}
		require.ElementsMatch(t, want, listed)
		counts, err := conversations.Counts(ctx, domain.None{})
		require.NoError(t, err)
		require.EqualValues(t, len(want), counts.Open)
		changes := make([]db.Change, len(all))
		for i, id := range all {
			changes[i] = db.Change{Name: "conversation.updated", Entity: "conversation", EntityID: id, ConversationID: id}
		}
		frames, err := (&chat.Frames{DB: f.Tenant}).Load(f.A, changes)
		require.NoError(t, err)
		for i, id := range all {
			_, err := conversations.Get(ctx, chat.GetConversation{ID: id})
			seen := err == nil
			if !seen {
				require.ErrorIs(t, err, domain.ErrNotFound)
			}
			require.Equal(t, slices.Contains(want, id), seen)
			require.Equal(t, seen, scope.Sees(frames[i].Audience))
		}
	}

	sees(own)
	_, err := f.teams.AddMember(f.A, AddTeamMember{ID: team, UserID: userID(who), Role: "agent"})
	require.NoError(t, err)
	_, err = f.teams.AddMember(f.A, AddTeamMember{ID: team, UserID: userID(who), Role: "agent"})
	require.ErrorIs(t, err, domain.ErrExists)
	sees(own, queued)
	member, err := f.teams.UpdateMember(f.A, UpdateTeamMember{team, userID(who), "manager"})
	require.NoError(t, err)
	require.Equal(t, "manager", member.Role)
	sees(own, queued, theirs)
	page, err := f.teams.Members(f.A, ListTeamMembers{ID: team})
	require.NoError(t, err)
	require.Equal(t, []TeamMember{member}, page.Items)
	_, err = f.teams.RemoveMember(f.A, RemoveTeamMember{team, userID(who)})
	require.NoError(t, err)
	sees(own)
	require.Equal(t, []uuid.UUID{userID(who), userID(who), userID(who)}, told())
	require.Equal(t, []string{"team.member_added", "team.member_changed", "team.member_removed"}, f.acts(t, f.A, team))
}
