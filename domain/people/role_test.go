package people

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// TN-07: custom roles of what their maker holds.
func TestRoles(t *testing.T) {
	t.Parallel()

	supervisor := func() CreateRole {
		return CreateRole{Name: "Supervisor", Permissions: []string{"conversation.view", "conversation.assign"}, Scopes: []string{"own", "team"}}
	}

	t.Run("are_made_changed_and_removed_and_the_log_says_so", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		role, err := f.roles.Create(f.A, supervisor())
		require.NoError(t, err)
		require.Nil(t, role.Key)
		require.False(t, role.Builtin)
		require.Equal(t, db.Texts{"own", "team"}, role.Scopes)

		changed, err := f.roles.Update(f.A, UpdateRole{
			ID: role.ID, IfMatch: role.ETag(), Scopes: domain.Optional[[]string]{Set: true, Value: []string{"all"}},
			Reveal: domain.Optional[[]string]{Set: true, Value: []string{"masked"}}})
		require.NoError(t, err)
		require.Equal(t, db.Texts{"all"}, changed.Scopes)
		require.Equal(t, role.Permissions, changed.Permissions)
		require.Greater(t, changed.Version, role.Version)
		_, err = f.roles.Update(f.A, UpdateRole{ID: role.ID, IfMatch: role.ETag(), Name: domain.Optional[string]{Set: true, Value: "Late"}})
		require.ErrorIs(t, err, domain.ErrVersionConflict)
		same, err := f.roles.Update(f.A, UpdateRole{ID: role.ID, Name: domain.Optional[string]{Set: true, Value: " Supervisor "}})
		require.NoError(t, err)
		require.Equal(t, changed.Version, same.Version, "nothing is different")

		_, err = f.roles.Delete(f.A, DeleteRole{role.ID})
		require.NoError(t, err)
		_, err = f.roles.Get(f.A, GetRole{role.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		require.Equal(t, []string{"role.created", "role.changed", "role.deleted"}, f.acts(t, f.A, role.ID))
	})

	t.Run("nobody_gives_or_changes_what_they_lack", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		limited := func(scope tenancy.Scope) tenancy.Scope {
			scope.Permissions = tenancy.Grant(tenancy.RoleManage, tenancy.ConversationView)
			scope.Rows = tenancy.RowScope{Own: true}
			return scope
		}
		by := tenancy.With(f.A, limited(tenancy.From(f.A)))
		for what, in := range map[string]CreateRole{
			"a permission": {Name: "x", Permissions: []string{"billing.manage"}},
			"rows":         {Name: "x", Permissions: []string{"conversation.view"}, Scopes: []string{"all"}},
			"clear fields": {Name: "x", Permissions: []string{"conversation.view"}, Reveal: []string{"masked"}},
		} {
			_, err := f.roles.Create(by, in)
			require.ErrorIs(t, err, domain.ErrDenied, what)
		}
		strong, err := f.roles.Create(f.A, CreateRole{Name: "Strong", Permissions: []string{"member.manage"}, Scopes: []string{"all"}})
		require.NoError(t, err)
		_, err = f.roles.Update(by, UpdateRole{ID: strong.ID, Permissions: domain.Optional[[]string]{Set: true, Value: []string{"conversation.view"}}})
		require.ErrorIs(t, err, domain.ErrDenied)
		_, err = f.roles.Delete(by, DeleteRole{strong.ID})
		require.ErrorIs(t, err, domain.ErrDenied)

		_, err = f.roles.Create(f.A, CreateRole{Name: "x", Permissions: []string{"conversation.view", "platform.settings"}})
		require.ErrorIs(t, err, domain.ErrDenied, "an operator's right is no role's")
		_, err = f.roles.Create(f.A, CreateRole{Name: "x\x1b", Permissions: []string{}})
		require.Equal(t, "name", field(t, err))
	})

	t.Run("built_in_ones_stay_and_names_are_taken_once", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		owner := f.role(t, f.A, "owner")
		_, err := f.roles.Update(f.A, UpdateRole{ID: owner, Name: domain.Optional[string]{Set: true, Value: "Boss"}})
		require.ErrorIs(t, err, ErrBuiltin)
		_, err = f.roles.Delete(f.A, DeleteRole{owner})
		require.ErrorIs(t, err, ErrBuiltin)
		_, err = f.roles.Create(f.A, supervisor())
		require.NoError(t, err)
		_, err = f.roles.Create(f.A, supervisor())
		require.ErrorIs(t, err, domain.ErrExists)
		other, err := f.roles.Create(f.A, CreateRole{Name: "Other", Permissions: []string{}})
		require.NoError(t, err)
		_, err = f.roles.Update(f.A, UpdateRole{ID: other.ID, Name: domain.Optional[string]{Set: true, Value: "Supervisor"}})
		require.ErrorIs(t, err, domain.ErrExists)
		require.Equal(t, "name", domain.As(err).Fields[0].Field)
	})

	t.Run("one_in_use_stays_and_its_change_is_felt_by_who_has_it", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		told := f.told()
		role, err := f.roles.Create(f.A, supervisor())
		require.NoError(t, err)
		who := f.member(t, f.A, "agent")
		f.give(t, who, role.ID)
		session := f.signedIn(t, who)
		before, err := f.rights.Read(t.Context(), session, tenancy.From(f.A).TenantID)
		require.NoError(t, err)
		require.True(t, before.May(tenancy.ConversationAssign))

		_, err = f.roles.Delete(f.A, DeleteRole{role.ID})
		require.ErrorIs(t, err, ErrRoleInUse)
		require.EqualValues(t, 1, domain.As(err).Extra["used"])
		require.Empty(t, told())

		_, err = f.roles.Update(f.A, UpdateRole{ID: role.ID, Permissions: domain.Optional[[]string]{Set: true, Value: []string{"conversation.view"}}})
		require.NoError(t, err)
		require.Equal(t, []uuid.UUID{userID(who)}, told())
		after, err := f.rights.Read(t.Context(), session, tenancy.From(f.A).TenantID)
		require.NoError(t, err)
		require.False(t, after.May(tenancy.ConversationAssign))
		require.Greater(t, after.Version, before.Version)

		held, err := f.roles.Get(f.A, GetRole{role.ID})
		require.NoError(t, err)
		require.EqualValues(t, 1, held.MemberCount)
	})

	t.Run("are_listed_to_every_member_in_pages", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		for i := range 3 {
			_, err := f.roles.Create(f.A, CreateRole{Name: fmt.Sprint("Role ", i), Permissions: []string{}})
			require.NoError(t, err)
		}
		reader := f.member(t, f.A, "member")
		var names []string
		in := ListRoles{tenancy.Paging{Limit: 2}}
		for {
			page, err := f.roles.List(reader, in)
			require.NoError(t, err)
			for _, one := range page.Items {
				names = append(names, one.Name)
			}
			if page.NextCursor == nil {
				break
			}
			in.Cursor = *page.NextCursor
			_, err = f.roles.List(f.B, in)
			require.ErrorIs(t, err, domain.ErrBadCursor)
		}
		require.Equal(t, []string{"Owner", "Role 0", "Role 1", "Role 2", "Member"}, names)
		nowhere := tenancy.With(t.Context(), tenancy.Scope{UserID: db.NewID()})
		_, err := f.roles.List(nowhere, ListRoles{})
		require.ErrorIs(t, err, domain.ErrDenied)
	})

	t.Run("other_tenant_sees_and_changes_nothing", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		role, err := f.roles.Create(f.A, supervisor())
		require.NoError(t, err)
		_, err = f.roles.Get(f.B, GetRole{role.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		_, err = f.roles.Update(f.B, UpdateRole{ID: role.ID, Name: domain.Optional[string]{Set: true, Value: "Mine"}})
		require.ErrorIs(t, err, domain.ErrNotFound)
		_, err = f.roles.Delete(f.B, DeleteRole{role.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		page, err := f.roles.List(f.B, ListRoles{})
		require.NoError(t, err)
		for _, one := range page.Items {
			require.NotEqual(t, "Supervisor", one.Name)
		}
		require.Empty(t, f.acts(t, f.B, role.ID))
	})
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	reader := f.member(t, f.A, "agent")
	list, err := f.roles.Permissions(reader, domain.None{})
	require.NoError(t, err)
	require.Len(t, list.Items, len(tenancy.MemberPermissions()))
	for _, p := range list.Items {
		require.NotEmpty(t, p.Description, "%s", p.Name)
		require.Equal(t, tenancy.From(reader).May(p.Name), p.Held, "%s", p.Name)
	}
	require.Len(t, descriptions, len(list.Items))
}
