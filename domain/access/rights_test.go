package access

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// TestRights proves SE-25's cache: it saves statements and never a lost right.
func TestRights(t *testing.T) {
	t.Parallel()

	// counting is an instance whose platform statements are counted.
	counting := func(t *testing.T, d dbtest.DB) *instance {
		t.Helper()
		platform, err := db.OpenPlatform(t.Context(), d.URLs.Platform, 2, d.Statements)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, platform.Close()) })
		d.Database = &dbtest.Database{Tenant: d.Tenant, Platform: platform, Statements: d.Statements, URLs: d.URLs}
		return newInstance(t, d)
	}
	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := counting(t, d)
		return d, i, i.register(t)
	}

	t.Run("a_miss_is_one_statement_and_a_hit_none", func(t *testing.T) {
		_, i, session := setup(t)
		ctx, counter := dbtest.Counted(t.Context())
		first, err := i.rights.Authenticate(ctx, session.AccessToken)
		require.NoError(t, err)
		require.Equal(t, 1, counter.N(), counter.SQL)
		i.keep(session.AccessToken, time.Hour)
		second, err := i.rights.Authenticate(ctx, session.AccessToken)
		require.NoError(t, err)
		require.Equal(t, 1, counter.N())
		require.Equal(t, first, second)
	})

	t.Run("those_who_ask_at_once_share_one", func(t *testing.T) {
		t.Parallel()
		d := dbtest.Own(t)
		i := counting(t, d)
		session := i.register(t)
		ctx, counter := dbtest.Counted(t.Context())
		asked, done := make(chan struct{}, 50), make(chan error, 1)
		enough := errors.New("enough")
		// The row cannot be read until all of them ask.
		err := d.Platform.Tx(t.Context(), func(tx *db.PlatformTx) error {
			if _, err := db.Exec(t.Context(), tx, `lock table login_sessions in access exclusive mode`); err != nil {
				return err
			}
			go func() {
				done <- errors.Join(parallel(50, func(int) error {
					asked <- struct{}{}
					_, err := i.rights.Authenticate(ctx, session.AccessToken)
					return err
				})...)
			}()
			for range 50 {
				<-asked
			}
			dbtest.Eventually(t, "the first one asks", func() bool { return counter.N() > 0 })
			return enough
		})
		require.ErrorIs(t, err, enough)
		require.NoError(t, <-done)
		require.LessOrEqual(t, counter.N(), 2, "one, and one for who came after")
	})

	t.Run("one_who_gives_up_takes_nothing_from_the_others", func(t *testing.T) {
		_, i, session := setup(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := i.rights.Authenticate(ctx, session.AccessToken)
		require.NoError(t, err)
	})

	t.Run("a_changed_role_is_another_scope", func(t *testing.T) {
		d, i, session := setup(t)
		before := tenancy.From(i.as(t, session))
		run(t, d, `update memberships m set version = version + 1, role_id = (select id from roles r where r.tenant_id = m.tenant_id and key = 'agent')
			where tenant_id = $1 and user_id = $2`, session.Tenant.ID, session.User.ID)
		i.revocations.Drop(Revocation{ID: db.NewID(), Kind: MembershipChanged, UserID: session.User.ID, TenantID: session.Tenant.ID})
		after := tenancy.From(i.as(t, session))
		require.Equal(t, "agent", after.Role)
		require.Equal(t, tenancy.RowScope{Own: true}, after.Rows)
		require.False(t, after.May(tenancy.MemberManage))
		require.Greater(t, after.Version, before.Version)
	})

	t.Run("a_custom_role_passes_for_no_built_in_one", func(t *testing.T) {
		d, i, session := setup(t)
		role := db.NewID()
		run(t, d, `insert into roles (tenant_id, id, name, permissions, scopes) values ($1, $2, 'owner', '{contact.view}', '{channel}')`,
			session.Tenant.ID, role)
		run(t, d, `update memberships set role_id = $2 where user_id = $1`, session.User.ID, role)
		scope := tenancy.From(i.as(t, session))
		require.Empty(t, scope.Role)
		require.Equal(t, tenancy.Grant(tenancy.ContactView), scope.Permissions)
		require.Equal(t, tenancy.RowScope{Channel: true}, scope.Rows)
		me, err := i.accounts.Me(tenancy.With(t.Context(), scope), domain.None{})
		require.NoError(t, err)
		require.Nil(t, me.Membership.Role.Key)
	})

	t.Run("a_membership_that_ended_asks_for_a_refresh", func(t *testing.T) {
		d, i, session := setup(t)
		run(t, d, `update memberships set status = 'suspended' where user_id = $1`, session.User.ID)
		_, err := i.rights.Authenticate(t.Context(), session.AccessToken)
		require.ErrorIs(t, err, ErrTokenExpired)
	})

	t.Run("a_token_for_somebody_elses_session_is_nothing", func(t *testing.T) {
		_, i, session := setup(t)
		claims, err := i.tokens.Verify(t.Context(), session.AccessToken)
		require.NoError(t, err)
		claims.UserID = i.register(t).User.ID
		forged, err := i.tokens.Sign(claims)
		require.NoError(t, err)
		_, err = i.rights.Authenticate(t.Context(), forged)
		require.Error(t, err)
	})

	t.Run("what_is_too_old_is_forgotten", func(t *testing.T) {
		_, i, session := setup(t)
		i.as(t, session)
		require.Len(t, i.rights.kept, 1)
		i.keep(session.AccessToken, -time.Second)
		i.rights.forget()
		require.Empty(t, i.rights.kept)
	})

	t.Run("while_postgres_is_away_nobody_has_rights", func(t *testing.T) {
		_, i, session := setup(t)
		closed, err := db.OpenPlatform(t.Context(), "postgres://baraza_platform@127.0.0.1:1/none", 1, nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, closed.Close()) })
		i.rights.DB = closed
		_, err = i.rights.Authenticate(t.Context(), session.AccessToken)
		require.Error(t, err)
		require.Empty(t, i.rights.kept)
	})
}

// keep makes the kept answer for a token good until then.
func (i *instance) keep(token string, until time.Duration) {
	i.rights.mu.Lock()
	defer i.rights.mu.Unlock()
	one := i.rights.kept[token]
	one.until = time.Now().Add(until)
	i.rights.kept[token] = one
}

// BenchmarkAuthenticate is what every request pays: at most 5 µs and no statement
// when kept.
func BenchmarkAuthenticate(b *testing.B) {
	d := dbtest.New(b)
	i := newInstance(b, d)
	session := i.register(b)

	b.Run("kept", func(b *testing.B) {
		_, err := i.rights.Authenticate(b.Context(), session.AccessToken)
		require.NoError(b, err)
		i.keep(session.AccessToken, time.Hour)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := i.rights.Authenticate(b.Context(), session.AccessToken); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			i.rights.kept = nil
			if _, err := i.rights.Authenticate(b.Context(), session.AccessToken); err != nil {
				b.Fatal(err)
			}
		}
	})
}
