package access

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// TN-03, TN-05: sign-up makes person, tenant and owner.
func TestRegister(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance) {
		t.Parallel()
		d := dbtest.New(t)
		return d, newInstance(t, d)
	}

	t.Run("makes_the_owner_of_a_whole_tenant", func(t *testing.T) {
		d, i := setup(t)
		in := Register{TenantName: " Acmé Kenya ", Name: "Wanjiku Mwangi", Email: email("Wanjiku"), Password: goodPassword}
		session, err := i.accounts.Register(t.Context(), in)
		require.NoError(t, err)

		require.Equal(t, "Acmé Kenya", session.Tenant.Name)
		require.True(t, strings.HasPrefix(session.Tenant.Slug, "acme-kenya"), session.Tenant.Slug)
		require.Equal(t, []string{"active", "free"}, []string{session.Tenant.Status, session.Tenant.Plan})
		require.Equal(t, in.Email, session.User.Email, "as it was written")
		require.Len(t, session.Memberships, 1)
		require.Equal(t, "owner", *session.Memberships[0].Role.Key)

		ctx := i.as(t, session)
		scope := tenancy.From(ctx)
		require.Equal(t, session.Tenant.ID, scope.TenantID)
		require.Equal(t, tenancy.MemberPermissions(), sorted(scope.Permissions))
		require.Equal(t, tenancy.RowScope{All: true}, scope.Rows)
		require.Len(t, scope.Teams, 1, "Everyone")

		// The tenant's key opens what it sealed.
		keys := &tenancy.Keys{Master: i.accounts.Master, Wrapped: (&TenantKeys{DB: d.Tenant}).Wrapped}
		at := tenancy.Place{Table: "channels", Column: "credentials", Row: db.NewID()}
		sealed, err := keys.Seal(ctx, at, []byte("token"))
		require.NoError(t, err)
		clear, err := keys.Open(ctx, at, sealed)
		require.NoError(t, err)
		require.Equal(t, "token", string(clear))
		_, err = keys.Open(d.B, at, sealed)
		require.Error(t, err)

		// TN-02: the other tenant sees nobody of this one.
		n, err := db.One[int](d.B, d.Tenant, `select count(*) from memberships where user_id = $1`, session.User.ID)
		require.NoError(t, err)
		require.Zero(t, n)
	})

	t.Run("answers_with_the_session_of_the_contract", func(t *testing.T) {
		_, i := setup(t)
		body, err := json.Marshal(i.register(t))
		require.NoError(t, err)
		require.Equal(t, []string{
			"access_token", "expires_in", "memberships", "memberships.role", "memberships.role.id", "memberships.role.key",
			"memberships.role.name", "memberships.status", "memberships.tenant", "memberships.tenant.id",
			"memberships.tenant.name", "memberships.tenant.slug", "mfa_setup_required", "refresh_token",
			"tenant", "tenant.id", "tenant.name", "tenant.plan", "tenant.slug", "tenant.status", "token_type",
			"user", "user.avatar_url", "user.created_at", "user.email", "user.email_verified", "user.id", "user.locale",
			"user.name", "user.platform_role", "user.preferences", "user.timezone", "user.totp_enabled",
		}, members(t, body))
	})

	t.Run("tells_a_known_e_mail_however_it_is_spelled", func(t *testing.T) {
		_, i := setup(t)
		session := i.register(t)
		_, err := i.accounts.Register(t.Context(), Register{
			TenantName: "Second", Name: "W", Email: spelledOtherwise(session.User.Email), Password: goodPassword,
		})
		require.ErrorIs(t, err, ErrEmailKnown)
		require.Equal(t, domain.Conflict, domain.As(err).Kind)
	})

	t.Run("lets_one_of_many_have_an_e_mail", func(t *testing.T) {
		d, i := setup(t)
		tenantName, address := "Race "+db.NewID().String(), email("race")
		won := 0
		for _, err := range parallel(20, func(int) error { _, err := i.enroll(t.Context(), tenantName, address); return err }) {
			if err == nil {
				won++
				continue
			}
			sameRefusal(t, ErrEmailKnown, err)
		}
		require.Equal(t, 1, won)
		n, err := db.One[int](t.Context(), d.Platform, `select count(*) from tenants where name = $1`, tenantName)
		require.NoError(t, err)
		require.Equal(t, 1, n, "those who lost left nothing")
	})

	t.Run("gives_many_of_one_name_a_slug_each", func(t *testing.T) {
		_, i := setup(t)
		tenantName := "Same " + withSuffix("name")
		var mu sync.Mutex
		slugs := map[string]bool{}
		errs := parallel(20, func(int) error {
			session, err := i.enroll(t.Context(), tenantName, email("same"))
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				slugs[session.Tenant.Slug] = true
			}
			return err
		})
		require.NoError(t, errors.Join(errs...))
		require.Len(t, slugs, 20)
		require.True(t, slugs[slugOf(tenantName)])
	})

	t.Run("gives_nobody_a_slug_that_looks_like_anothers", func(t *testing.T) {
		_, i := setup(t)
		unique := strings.Repeat("x", 3) + withSuffix("")[1:]
		first, err := i.enroll(t.Context(), "Modern cloud "+unique, email("w"))
		require.NoError(t, err)
		require.Equal(t, "modern-cloud-"+unique, first.Tenant.Slug)
		second, err := i.enroll(t.Context(), "M0dem d0ud "+unique, email("w"))
		require.NoError(t, err)
		require.NotEqual(t, "m0dem-d0ud-"+unique, second.Tenant.Slug)
		require.True(t, strings.HasPrefix(second.Tenant.Slug, "m0dem-d0ud-"+unique+"-"), second.Tenant.Slug)
	})

	t.Run("refuses_names_and_passwords_that_break_the_rules", func(t *testing.T) {
		_, i := setup(t)
		good := Register{TenantName: "T", Name: "N", Email: email("rules"), Password: goodPassword}
		for field, in := range map[string]Register{
			"tenant_name": {TenantName: " ", Name: good.Name, Email: good.Email, Password: good.Password},
			"name":        {TenantName: good.TenantName, Name: "Eve\r\nBcc: x", Email: good.Email, Password: good.Password},
			"password":    {TenantName: good.TenantName, Name: good.Name, Email: good.Email, Password: "Password1"},
		} {
			_, err := i.accounts.Register(t.Context(), in)
			require.Equal(t, domain.Invalid, domain.As(err).Kind, field)
			require.Equal(t, field, domain.As(err).Fields[0].Field)
		}
	})
}

// TN-05: in whitelabel mode only the first may sign up.
func TestRegister_whitelabel(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	i := newInstance(t, d)
	i.accounts.Mode = always(Whitelabel)
	_, err := i.accounts.Register(t.Context(), Register{TenantName: "Second", Name: "W", Email: email("second"), Password: goodPassword})
	require.ErrorIs(t, err, ErrSignupClosed, "there are tenants")
	open, err := i.accounts.SignupOpen(t.Context())
	require.NoError(t, err)
	require.False(t, open)

	admin, err := pgx.Connect(t.Context(), d.URLs.Admin)
	require.NoError(t, err)
	_, err = admin.Exec(t.Context(), `truncate tenants, users cascade`)
	require.NoError(t, err)
	require.NoError(t, admin.Close(t.Context()))
	open, err = i.accounts.SignupOpen(t.Context())
	require.NoError(t, err)
	require.True(t, open)

	won := 0
	for _, err := range parallel(20, func(int) error { _, err := i.enroll(t.Context(), "The only one", email("first")); return err }) {
		if err == nil {
			won++
			continue
		}
		sameRefusal(t, ErrSignupClosed, err)
	}
	require.Equal(t, 1, won)
}

// SE-21: the schema brings nobody with it.
func TestNoAccountIsBuiltIn(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	ids, err := db.All[uuid.UUID](t.Context(), d.Platform, `select id from users order by id`)
	require.NoError(t, err)
	require.ElementsMatch(t, []uuid.UUID{tenancy.From(d.A).UserID, tenancy.From(d.B).UserID}, ids, "only those this test made")
}

func TestLogin(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}
	credentials := func(s Session) Login { return Login{Email: s.User.Email, Password: goodPassword} }

	t.Run("begins_another_session", func(t *testing.T) {
		_, i, first := setup(t)
		in := credentials(first)
		in.Email = spelledOtherwise(in.Email)
		session, err := i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, first.User.ID, session.User.ID)
		require.Equal(t, first.Tenant.ID, session.Tenant.ID)
		require.NotEqual(t, tenancy.From(i.as(t, first)).SessionID, tenancy.From(i.as(t, session)).SessionID)
	})

	// The refusal says nothing about whether there is an account.
	t.Run("refuses_alike_whoever_it_is", func(t *testing.T) {
		_, i, session := setup(t)
		wrong := credentials(session)
		wrong.Password += "!"
		_, wrongPassword := i.accounts.Login(t.Context(), wrong)
		require.ErrorIs(t, wrongPassword, ErrInvalidCredentials)
		_, unknown := i.accounts.Login(t.Context(), Login{Email: email("nobody"), Password: goodPassword})
		sameRefusal(t, wrongPassword, unknown)
		require.Equal(t, wrongPassword.Error(), unknown.Error())
	})

	t.Run("refuses_accounts_that_have_no_password", func(t *testing.T) {
		d, i, session := setup(t)
		run(t, d, `update users set password_hash = '' where id = $1`, session.User.ID)
		for _, password := range []string{goodPassword, " "} {
			_, err := i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: password})
			require.ErrorIs(t, err, ErrInvalidCredentials)
		}
	})

	// Two users of different tenants, one user of two.
	t.Run("goes_to_the_tenant_asked_for_or_the_one_of_last_time", func(t *testing.T) {
		d, i, session := setup(t)
		in := credentials(session)
		join(t, d, session.User, d.B, "owner")
		in.TenantID = tenancy.From(d.B).TenantID
		there, err := i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, in.TenantID, there.Tenant.ID)
		require.Len(t, there.Memberships, 2)

		in.TenantID = uuid.Nil
		again, err := i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, there.Tenant.ID, again.Tenant.ID, "the one of last time")

		run(t, d, `update memberships set status = 'suspended' where tenant_id = $1 and user_id = $2`, there.Tenant.ID, session.User.ID)
		first, err := i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, session.Tenant.ID, first.Tenant.ID, "the oldest they may be in")

		in.TenantID = tenancy.From(d.A).TenantID
		_, err = i.accounts.Login(t.Context(), in)
		require.ErrorIs(t, err, domain.ErrNotFound, "never a member")
		in.TenantID = there.Tenant.ID
		_, err = i.accounts.Login(t.Context(), in)
		require.ErrorIs(t, err, domain.ErrNotFound, "no longer one")
	})

	t.Run("lets_in_who_belongs_to_no_tenant", func(t *testing.T) {
		d, i, session := setup(t)
		run(t, d, `update memberships set status = 'suspended' where user_id = $1`, session.User.ID)
		alone, err := i.accounts.Login(t.Context(), credentials(session))
		require.NoError(t, err)
		require.Nil(t, alone.Tenant)
		scope := tenancy.From(i.as(t, alone))
		require.Equal(t, uuid.Nil, scope.TenantID)
		require.True(t, scope.May(tenancy.Self))
		require.False(t, scope.May(tenancy.ContactView))
	})

	t.Run("lets_members_of_a_suspended_tenant_in_to_be_told", func(t *testing.T) {
		d, i, session := setup(t)
		run(t, d, `update tenants set status = 'suspended' where id = $1`, session.Tenant.ID)
		back, err := i.accounts.Login(t.Context(), credentials(session))
		require.NoError(t, err)
		require.Equal(t, "suspended", back.Tenant.Status)
		ctx := i.as(t, back)
		scope := tenancy.From(ctx)
		require.True(t, scope.Suspended)
		require.Empty(t, scope.Permissions)
		me, err := i.accounts.Me(ctx, domain.None{})
		require.NoError(t, err)
		require.Equal(t, "suspended", me.Tenant.Status)
		_, err = i.tickets.Create(ctx, domain.None{})
		require.ErrorIs(t, err, ErrTenantSuspended)
		_, err = i.sessions.Logout(ctx, Logout{})
		require.NoError(t, err)
	})

	t.Run("remembers_where_from", func(t *testing.T) {
		d, i, session := setup(t)
		in := credentials(session)
		in.Device = "Phone\x00"
		there, err := i.accounts.Login(domain.WithRequest(t.Context(),
			domain.Request{IP: "192.0.2.7", UserAgent: strings.Repeat("å", 500)}), in)
		require.NoError(t, err)
		got, err := db.One[string](t.Context(), d.Platform, `select ip || '|' || device || '|' || user_agent from login_sessions where id = $1`,
			tenancy.From(i.as(t, there)).SessionID)
		require.NoError(t, err)
		require.Equal(t, "192.0.2.7|Phone|"+strings.Repeat("å", 400), got)
	})
}

func TestMe(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}
	set := func(s string) domain.Optional[string] { return domain.Optional[string]{Set: true, Value: s} }
	raw := func(s string) domain.Optional[jsontext.Value] {
		return domain.Optional[jsontext.Value]{Set: true, Value: jsontext.Value(s)}
	}

	t.Run("says_what_the_caller_may_do", func(t *testing.T) {
		_, i, session := setup(t)
		me, err := i.accounts.Me(i.as(t, session), domain.None{})
		require.NoError(t, err)
		require.Equal(t, session.User, me.User)
		require.Equal(t, session.Tenant, me.Tenant)
		require.Equal(t, "owner", *me.Membership.Role.Key)
		require.Len(t, me.Membership.Permissions, len(tenancy.MemberPermissions()))
		require.Equal(t, []string{"all"}, me.Membership.Scopes)
		require.Equal(t, "Everyone", me.Membership.Teams[0].Name)
		require.Equal(t, "agent", me.Membership.Teams[0].Role)
	})

	t.Run("a_new_name_reaches_every_tenant_of_the_person", func(t *testing.T) {
		d, i, session := setup(t)
		join(t, d, session.User, d.B, "owner")
		me, err := i.accounts.UpdateMe(i.as(t, session), UpdateMe{Name: set(" Wanjiku M. "), Locale: set("sw"), Timezone: set("Africa/Nairobi")})
		require.NoError(t, err)
		require.Equal(t, []string{"Wanjiku M.", "sw", "Africa/Nairobi"}, []string{me.User.Name, me.User.Locale, me.User.Timezone})
		require.Equal(t, []string{"Person owner", "Wanjiku M."}, memberNames(t, d, d.B))
		require.Len(t, memberNames(t, d, d.A), 1, "no tenant of theirs: only its own owner")
	})

	t.Run("changes_preferences_one_by_one", func(t *testing.T) {
		_, i, session := setup(t)
		ctx := i.as(t, session)
		_, err := i.accounts.UpdateMe(ctx, UpdateMe{Preferences: raw(`{"theme":"dark","density":"cosy"}`)})
		require.NoError(t, err)
		me, err := i.accounts.UpdateMe(ctx, UpdateMe{Preferences: raw(`{"density":null,"sound":true}`)})
		require.NoError(t, err)
		require.JSONEq(t, `{"theme":"dark","sound":true}`, string(me.User.Preferences))
		require.Equal(t, session.User.Name, me.User.Name, "what is absent stays")
	})

	t.Run("refuses_what_cannot_be", func(t *testing.T) {
		_, i, session := setup(t)
		ctx := i.as(t, session)
		for _, in := range []UpdateMe{
			{Name: domain.Optional[string]{Set: true, Null: true}},
			{Locale: domain.Optional[string]{Set: true, Null: true}},
			{Name: set("\t")},
			{Preferences: raw(`[1]`)},
			{Preferences: raw(`null`)},
			{Preferences: raw(`{"a":"` + strings.Repeat("x", 17000) + `"}`)},
		} {
			_, err := i.accounts.UpdateMe(ctx, in)
			require.Equal(t, domain.Invalid, domain.As(err).Kind, "%+v", in)
		}
	})
}
