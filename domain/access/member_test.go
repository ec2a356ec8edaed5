package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

func TestMembers(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}
	agent := func() CreateMember {
		return CreateMember{Name: "Otieno Odhiambo", Email: email("otieno"), Password: goodPassword, Role: "agent"}
	}

	t.Run("are_made_with_a_password_and_can_sign_in", func(t *testing.T) {
		d, i, owner := setup(t)
		ctx := i.as(t, owner)
		in := agent()
		member, err := i.members.Create(ctx, in)
		require.NoError(t, err)
		session, err := i.accounts.Login(t.Context(), Login{Email: in.Email, Password: in.Password})
		require.NoError(t, err)
		require.Equal(t, owner.Tenant.ID, session.Tenant.ID)
		require.Equal(t, member, session.User.ID)
		require.Equal(t, []any{in.Name, in.Email}, []any{session.User.Name, session.User.Email})
		acts, err := db.All[string](ctx, d.Tenant, `select action from audit_entries where object_id = $1`, member)
		require.NoError(t, err)
		require.Equal(t, []string{"member.created"}, acts)
		scope := tenancy.From(i.as(t, session))
		require.Equal(t, "agent", scope.Role)
		require.Equal(t, tenancy.From(ctx).Teams, scope.Teams, "in Everyone with the owner")
	})

	t.Run("with_a_known_e_mail_are_refused_whatever_their_tenant", func(t *testing.T) {
		_, i, owner := setup(t)
		stranger := i.register(t)
		for _, known := range []string{owner.User.Email, spelledOtherwise(stranger.User.Email)} {
			in := agent()
			in.Email = known
			_, err := i.members.Create(i.as(t, owner), in)
			sameRefusal(t, ErrEmailKnown, err)
		}
	})

	t.Run("get_no_role_that_may_more_than_its_giver", func(t *testing.T) {
		d, i, owner := setup(t)
		tenantID := owner.Tenant.ID
		allowed := map[string][]string{
			"owner":   {"owner", "admin", "manager", "agent", "analyst", "auditor", "member"},
			"admin":   {"admin", "manager", "agent", "analyst", "auditor", "member"},
			"manager": {"manager", "agent", "member"},
			"agent":   {"agent", "member"},
			"member":  {"member"},
		}
		for giver, may := range allowed {
			ctx := d.NewMember(t, tenantID, giver)
			for _, role := range tenancy.BuiltinRoles() {
				_, err := grantableRole(ctx, d.Tenant, role.Key)
				if contains(may, role.Key) {
					require.NoError(t, err, "%s gives %s", giver, role.Key)
					continue
				}
				require.ErrorIs(t, err, domain.ErrDenied, "%s gives %s", giver, role.Key)
			}
		}
		// Enough rights are not enough: the rows count too.
		scope := tenancy.From(i.as(t, owner))
		scope.Rows = tenancy.RowScope{Team: true}
		in := agent()
		_, err := i.members.Create(tenancy.With(t.Context(), scope), in)
		require.ErrorIs(t, err, domain.ErrDenied)
		_, err = i.accounts.Login(t.Context(), Login{Email: in.Email, Password: in.Password})
		require.ErrorIs(t, err, ErrInvalidCredentials, "nobody was made")
	})

	t.Run("need_a_role_of_this_tenant_and_a_good_password", func(t *testing.T) {
		d, i, owner := setup(t)
		run(t, d, `insert into roles (tenant_id, id, key, name, permissions, scopes) values ($1, $2, 'theirs', 'Theirs', '{}', '{}')`,
			tenancy.From(d.B).TenantID, db.NewID())
		for _, role := range []string{"nobody", "theirs", ""} {
			in := agent()
			in.Role = role
			_, err := i.members.Create(i.as(t, owner), in)
			require.Equal(t, "role", domain.As(err).Fields[0].Field, role)
		}
		in := agent()
		in.Password = "short"
		_, err := i.members.Create(i.as(t, owner), in)
		require.Equal(t, "password", domain.As(err).Fields[0].Field)
	})
}

func contains(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}
