package people

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

func set[T any](v T) domain.Optional[T] { return domain.Optional[T]{Set: true, Value: v} }

// TN-08: the people of a workspace.
func TestMembers(t *testing.T) {
	t.Parallel()

	t.Run("are_listed_searched_and_filtered", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		agent, auditor := f.member(t, f.A, "agent"), f.member(t, f.A, "auditor")
		f.signedIn(t, agent)
		f.run(t, f.A, `update memberships set name = 'Achieng Wafula' where user_id = $1`, userID(agent))
		f.run(t, f.A, `update memberships set status = 'suspended' where user_id = $1`, userID(auditor))

		find := func(in ListMembers) []uuid.UUID {
			page, err := f.members.List(f.A, in)
			require.NoError(t, err)
			ids := []uuid.UUID{}
			for _, one := range page.Items {
				ids = append(ids, one.ID)
			}
			return ids
		}
		everyone := tenancy.From(f.A).Teams[0]
		role := f.role(t, f.A, "agent")
		require.Equal(t, []uuid.UUID{userID(auditor), userID(agent), userID(f.A)}, find(ListMembers{}))
		require.Equal(t, []uuid.UUID{userID(agent)}, find(ListMembers{Search: "WAFULA"}))
		require.Equal(t, []uuid.UUID{userID(agent)}, find(ListMembers{Search: userID(agent).String() + "@"}))
		require.Empty(t, find(ListMembers{Search: "%"}))
		require.Equal(t, []uuid.UUID{userID(agent)}, find(ListMembers{Role: &role, Team: &everyone}))
		require.Equal(t, []uuid.UUID{userID(auditor)}, find(ListMembers{State: suspended}))

		shown, err := f.members.Get(f.A, GetMember{userID(agent)})
		require.NoError(t, err)
		require.Equal(t, []any{"Achieng Wafula", "agent", "active", "Everyone"}, []any{shown.Name, *shown.Role.Key, *shown.State, shown.Teams[0].Name})
		require.NotNil(t, shown.LastSeenAt)
		shown, err = f.members.Get(f.A, GetMember{userID(auditor)})
		require.NoError(t, err)
		require.Nil(t, shown.LastSeenAt)
	})

	t.Run("come_in_pages", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		want := []uuid.UUID{userID(f.A)}
		for range 4 {
			want = append([]uuid.UUID{userID(f.member(t, f.A, "agent"))}, want...)
		}
		var got []uuid.UUID
		in := ListMembers{Paging: tenancy.Paging{Limit: 2}}
		for {
			page, err := f.members.List(f.A, in)
			require.NoError(t, err)
			for _, one := range page.Items {
				got = append(got, one.ID)
			}
			if page.NextCursor == nil {
				break
			}
			in.Cursor = *page.NextCursor
			_, err = f.members.List(f.B, in)
			require.ErrorIs(t, err, domain.ErrBadCursor)
		}
		require.Equal(t, want, got)
	})

	t.Run("show_their_names_alone_to_others", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		reader, gone := f.member(t, f.A, "agent"), f.member(t, f.A, "agent")
		f.run(t, f.A, `update memberships set status = 'suspended' where user_id = $1`, userID(gone))
		page, err := f.members.List(reader, ListMembers{})
		require.NoError(t, err)
		require.Len(t, page.Items, 2)
		for _, one := range page.Items {
			require.NotEmpty(t, one.Name)
			require.Equal(t, Member{ID: one.ID, Name: one.Name, Teams: one.Teams}, one)
			require.Empty(t, one.Teams)
		}
		page, err = f.members.List(reader, ListMembers{Search: "@example.test"})
		require.NoError(t, err)
		require.Empty(t, page.Items, "an e-mail is not searched by who does not see it")
		for _, in := range []ListMembers{{State: suspended}, {Role: &uuid.UUID{}}, {Team: &uuid.UUID{}}} {
			_, err = f.members.List(reader, in)
			require.ErrorIs(t, err, domain.ErrDenied)
		}
		one, err := f.members.Get(reader, GetMember{userID(f.A)})
		require.NoError(t, err)
		require.Nil(t, one.Email)
	})

	t.Run("get_another_role_state_and_teams_at_once", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		told := f.told()
		who := f.member(t, f.A, "agent")
		session, tenant := f.signedIn(t, who), tenancy.From(f.A).TenantID
		role, err := f.roles.Create(f.A, CreateRole{Name: "Reader", Permissions: []string{"conversation.view"}, Scopes: []string{"all"}})
		require.NoError(t, err)
		team := f.team(t, f.A, "Night")
		changed, err := f.members.Update(f.A, UpdateMember{ID: userID(who), RoleID: set(role.ID), TeamIDs: set([]uuid.UUID{team})})
		require.NoError(t, err)
		require.Equal(t, "Reader", changed.Role.Name)
		require.Len(t, changed.Teams, 2, "Everyone stays")
		require.Equal(t, []uuid.UUID{userID(who)}, told())
		scope, err := f.rights.Read(t.Context(), session, tenant)
		require.NoError(t, err)
		require.False(t, scope.May(tenancy.ConversationReply))
		require.True(t, scope.Rows.All)
		require.Contains(t, scope.Teams, team)

		_, err = f.members.Update(f.A, UpdateMember{ID: userID(who), State: set(suspended), TeamIDs: set([]uuid.UUID{})})
		require.NoError(t, err)
		_, err = f.rights.Read(t.Context(), session, tenant)
		require.Error(t, err)
		again, err := f.members.Update(f.A, UpdateMember{ID: userID(who), State: set(active)})
		require.NoError(t, err)
		require.Len(t, again.Teams, 1)
		_, err = f.members.Update(f.A, UpdateMember{ID: userID(who), State: set(active)})
		require.NoError(t, err)
		require.Equal(t, []string{"member.changed", "member.changed", "member.changed"}, f.acts(t, f.A, userID(who)), "no change, no entry")
	})

	t.Run("are_not_touched_by_who_may_less", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		admin, second := f.member(t, f.A, "admin"), f.member(t, f.A, "owner")
		owner, agent := f.role(t, f.A, "owner"), f.role(t, f.A, "agent")
		for what, err := range map[string]error{
			"demote": failure(f.members.Update(admin, UpdateMember{ID: userID(second), RoleID: set(agent)})),
			"remove": failure(f.members.Remove(admin, RemoveMember{ID: userID(second)})),
			"reset":  failure(f.members.ResetFactor(admin, GetMember{userID(second)})),
			"revoke": failure(f.members.RevokeSessions(admin, GetMember{userID(second)})),
			"rise":   failure(f.members.Update(admin, UpdateMember{ID: userID(admin), RoleID: set(owner)})),
		} {
			require.ErrorIs(t, err, domain.ErrDenied, what)
		}
		scope := tenancy.From(f.A)
		scope.Rows = tenancy.RowScope{Own: true, Team: true}
		narrow := tenancy.With(f.A, scope)
		who := f.member(t, f.A, "agent")
		_, err := f.members.Update(narrow, UpdateMember{ID: userID(who), TeamIDs: set([]uuid.UUID{f.team(t, f.A, "Not mine")})})
		require.ErrorIs(t, err, domain.ErrDenied)
	})

	t.Run("get_no_role_or_team_from_elsewhere", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		who := f.member(t, f.A, "agent")
		for _, id := range []uuid.UUID{f.role(t, f.B, "agent"), db.NewID()} {
			_, err := f.members.Update(f.A, UpdateMember{ID: userID(who), RoleID: set(id)})
			require.Equal(t, "role_id", field(t, err))
		}
		for _, id := range []uuid.UUID{f.team(t, f.B, "Theirs"), db.NewID()} {
			_, err := f.members.Update(f.A, UpdateMember{ID: userID(who), TeamIDs: set([]uuid.UUID{id})})
			require.Equal(t, "team_ids", field(t, err))
		}
		for _, id := range []uuid.UUID{userID(f.B), userID(who), userID(f.member(t, f.A, "auditor")), db.NewID()} {
			_, err := f.members.Update(f.A, UpdateMember{ID: userID(who), State: set(suspended), ReassignTo: &id})
			require.Equal(t, "reassign_to", field(t, err))
		}
	})

	t.Run("are_signed_out_and_lose_their_factor", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		who := f.member(t, f.A, "agent")
		session, tenant := f.signedIn(t, who), tenancy.From(f.A).TenantID
		_, err := f.members.RevokeSessions(f.A, GetMember{userID(who)})
		require.NoError(t, err)
		_, err = f.rights.Read(t.Context(), session, tenant)
		require.Error(t, err)

		_, err = db.Exec(t.Context(), f.Platform, `insert into second_factors (user_id, sealed_secret, confirmed_at) values ($1, '', now())`, userID(who))
		require.NoError(t, err)
		second := f.signedIn(t, who)
		_, err = f.members.ResetFactor(f.A, GetMember{userID(who)})
		require.NoError(t, err)
		left, err := db.One[int](t.Context(), f.Platform, `select count(*) from second_factors where user_id = $1`, userID(who))
		require.NoError(t, err)
		require.Zero(t, left)
		_, err = f.rights.Read(t.Context(), second, tenant)
		require.Error(t, err)
		require.Equal(t, []string{"member.signed_out", "member.factor_reset"}, f.acts(t, f.A, userID(who)))

		// It protects their other workspaces too.
		_, err = db.Exec(t.Context(), f.Platform, `
			insert into memberships (tenant_id, id, user_id, role_id, name, email)
			select $1, $2, $3, id, 'Guest', 'guest@example.test' from roles where tenant_id = $1 and key = 'owner'`,
			tenancy.From(f.B).TenantID, db.NewID(), userID(who))
		require.NoError(t, err)
		_, err = f.members.ResetFactor(f.A, GetMember{userID(who)})
		require.ErrorIs(t, err, domain.ErrDenied)
	})

	t.Run("other_tenant_sees_and_changes_nothing", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		who := userID(f.member(t, f.A, "agent"))
		for what, err := range map[string]error{
			"get":    failure(f.members.Get(f.B, GetMember{who})),
			"update": failure(f.members.Update(f.B, UpdateMember{ID: who, State: set(suspended)})),
			"remove": failure(f.members.Remove(f.B, RemoveMember{ID: who})),
			"revoke": failure(f.members.RevokeSessions(f.B, GetMember{who})),
			"reset":  failure(f.members.ResetFactor(f.B, GetMember{who})),
		} {
			require.ErrorIs(t, err, domain.ErrNotFound, what)
		}
		page, err := f.members.List(f.B, ListMembers{})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		require.Equal(t, userID(f.B), page.Items[0].ID)
	})
}

// TN-09: the last owner stays; who leaves hands over.
func TestMembers_leaving(t *testing.T) {
	t.Parallel()

	t.Run("the_last_owner_stays", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		me, agent := userID(f.A), f.role(t, f.A, "agent")
		gone := f.member(t, f.A, "owner")
		f.run(t, f.A, `update memberships set status = 'suspended' where user_id = $1`, userID(gone))
		for what, err := range map[string]error{
			"demoted":   failure(f.members.Update(f.A, UpdateMember{ID: me, RoleID: set(agent)})),
			"suspended": failure(f.members.Update(f.A, UpdateMember{ID: me, State: set(suspended)})),
			"removed":   failure(f.members.Remove(f.A, RemoveMember{ID: me})),
		} {
			require.ErrorIs(t, err, ErrLastOwner, what)
		}
	})

	t.Run("however_many_step_back_at_once", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		agent := f.role(t, f.A, "agent")
		const n = 100
		owners := []context.Context{f.A}
		for range n - 1 {
			owners = append(owners, f.member(t, f.A, "owner"))
		}
		refused := 0
		for _, err := range parallel(n, func(i int) error {
			_, err := f.members.Update(f.A, UpdateMember{ID: userID(owners[i]), RoleID: set(agent)})
			return err
		}) {
			if errors.Is(err, ErrLastOwner) {
				refused++
				continue
			}
			require.NoError(t, err)
		}
		require.Equal(t, 1, refused)
		left, err := db.One[int](f.A, f.Tenant, `select count(*) from memberships m join roles r on r.id = m.role_id where r.key = 'owner' and m.status = 'active'`)
		require.NoError(t, err)
		require.Equal(t, 1, left)
	})

	t.Run("what_was_open_goes_to_the_successor_or_back_to_its_queue", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		who, next := f.member(t, f.A, "agent"), f.member(t, f.A, "agent")
		team := tenancy.From(f.A).Teams[0]
		had, snoozed, offered := f.conversation(t, f.A, team), f.conversation(t, f.A, team), f.conversation(t, f.A, team)
		f.run(t, f.A, `update conversations set status = 'active', assignee_id = $2 where id = $1`, had, userID(who))
		f.run(t, f.A, `update conversations set status = 'snoozed', assignee_id = $2, snoozed_until = now() where id = $1`, snoozed, userID(who))
		f.run(t, f.A, `update conversations set status = 'offered', offered_to = $2 where id = $1`, offered, userID(who))

		to := userID(next)
		_, err := f.members.Update(f.A, UpdateMember{ID: userID(who), State: set(suspended), ReassignTo: &to})
		require.NoError(t, err)
		require.Equal(t, []any{"active", &to, "snoozed", &to, "queued", (*uuid.UUID)(nil)}, f.owners(t, f.A, had, snoozed, offered))
		require.Equal(t, 6, f.changes(t, f.A), "a frame for each of them and its event")

		_, err = f.members.Remove(f.A, RemoveMember{ID: to})
		require.NoError(t, err)
		nobody := (*uuid.UUID)(nil)
		require.Equal(t, []any{"queued", nobody, "queued", nobody, "queued", nobody}, f.owners(t, f.A, had, snoozed, offered))
		gapless, err := db.One[bool](f.A, f.Tenant, `
			select bool_and(c.last_seq = (select max(seq) from conversation_events e where e.conversation_id = c.id)) from conversations c`)
		require.NoError(t, err)
		require.True(t, gapless)
		_, err = f.members.Get(f.A, GetMember{to})
		require.ErrorIs(t, err, domain.ErrNotFound)
		require.Equal(t, []string{"member.removed"}, f.acts(t, f.A, to))
		after, err := db.One[string](f.A, f.Tenant, `select after::text from audit_entries where object_id = $1`, to)
		require.NoError(t, err)
		require.JSONEq(t, `{"handed_over":2}`, after)
	})

	t.Run("a_role_that_may_not_answer_keeps_nothing_open", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		who, reader := f.member(t, f.A, "agent"), f.role(t, f.A, "auditor")
		had := f.conversation(t, f.A, tenancy.From(f.A).Teams[0])
		f.run(t, f.A, `update conversations set status = 'active', assignee_id = $2 where id = $1`, had, userID(who))
		_, err := f.members.Update(f.A, UpdateMember{ID: userID(who), RoleID: set(reader)})
		require.NoError(t, err)
		require.Equal(t, []any{"queued", (*uuid.UUID)(nil)}, f.owners(t, f.A, had))
	})
}

func failure[T any](_ T, err error) error { return err }
