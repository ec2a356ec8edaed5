package access

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/tenancy"
)

// SE-25: a lost right ends within a second on every instance, message or not.
func TestRevocations(t *testing.T) {
	t.Parallel()

	// two instances on one database, the second one polling. Nobody carries messages.
	setup := func(t *testing.T) (dbtest.DB, *instance, *instance, chan Revocation) {
		t.Parallel()
		d := dbtest.New(t)
		here, there := newInstance(t, d), newInstance(t, d)
		told := make(chan Revocation, 1000)
		there.revocations.Revoked = func(r Revocation) { told <- r }
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error)
		go func() { stopped <- there.revocations.Run(ctx) }()
		t.Cleanup(func() { stop(); require.NoError(t, <-stopped) })
		return d, here, there, told
	}
	// concerning waits for the first revocation of what acts as s.
	concerning := func(t *testing.T, told chan Revocation, s tenancy.Scope) Revocation {
		t.Helper()
		late := time.After(time.Second)
		for {
			select {
			case r := <-told:
				if r.Concerns(s) {
					return r
				}
			case <-late:
				require.FailNow(t, "not told within a second")
			}
		}
	}
	refusedWithin := func(t *testing.T, i *instance, session Session, since time.Time, want error) {
		t.Helper()
		for {
			_, err := i.rights.Authenticate(t.Context(), session.AccessToken)
			if err != nil {
				require.ErrorIs(t, err, want)
				return
			}
			require.Less(t, time.Since(since), time.Second)
		}
	}

	t.Run("a_logout_ends_requests_and_sockets_elsewhere", func(t *testing.T) {
		_, here, there, told := setup(t)
		session := here.register(t)
		scope := tenancy.From(there.as(t, session))
		_, err := here.sessions.Logout(here.as(t, session), Logout{})
		require.NoError(t, err)
		ended := time.Now()
		refusedWithin(t, there, session, ended, ErrSessionRevoked)
		require.Equal(t, SessionEnded, concerning(t, told, scope).Kind)
	})

	t.Run("so_does_a_membership_that_ends", func(t *testing.T) {
		d, here, there, told := setup(t)
		session := here.register(t)
		scope := tenancy.From(there.as(t, session))
		err := here.revocations.End(t.Context(), func(tx *db.PlatformTx) ([]Revocation, error) {
			_, err := db.Exec(t.Context(), tx, `update memberships set status = 'suspended' where user_id = $1`, session.User.ID)
			return []Revocation{{Kind: MembershipChanged, UserID: session.User.ID, TenantID: session.Tenant.ID}}, err
		})
		require.NoError(t, err)
		refusedWithin(t, there, session, time.Now(), ErrTokenExpired)
		r := concerning(t, told, scope)
		require.Equal(t, MembershipChanged, r.Kind)
		_, err = there.rights.Read(t.Context(), scope.SessionID, scope.TenantID)
		require.ErrorIs(t, err, ErrTokenExpired)
		require.False(t, r.Concerns(tenancy.From(d.B)))
	})

	t.Run("and_a_tenant_that_is_suspended", func(t *testing.T) {
		d, here, there, told := setup(t)
		session := here.register(t)
		scope := tenancy.From(there.as(t, session))
		err := here.revocations.End(t.Context(), func(tx *db.PlatformTx) ([]Revocation, error) {
			_, err := db.Exec(t.Context(), tx, `update tenants set status = 'suspended' where id = $1`, session.Tenant.ID)
			return []Revocation{{Kind: TenantChanged, TenantID: session.Tenant.ID}}, err
		})
		require.NoError(t, err)
		since := time.Now()
		for !tenancy.From(there.as(t, session)).Suspended {
			require.Less(t, time.Since(since), time.Second)
		}
		r := concerning(t, told, scope)
		require.False(t, r.Concerns(tenancy.From(d.B)))
	})

	t.Run("each_is_told_once_though_read_again_and_again", func(t *testing.T) {
		_, here, there, told := setup(t)
		session := here.register(t)
		scope := tenancy.From(here.as(t, session))
		here.revocations.OnRevoke = func(r Revocation) {
			there.revocations.Drop(r)
			there.revocations.Drop(r)
		}
		_, err := here.sessions.Logout(here.as(t, session), Logout{})
		require.NoError(t, err)
		concerning(t, told, scope)
		position, err := there.revocations.poll(t.Context(), time.Time{})
		require.NoError(t, err)
		_, err = there.revocations.poll(t.Context(), position)
		require.NoError(t, err)
		for len(told) > 0 {
			require.False(t, (<-told).Concerns(scope), "told again")
		}
	})

	t.Run("what_is_rolled_back_ends_nothing", func(t *testing.T) {
		_, here, _, _ := setup(t)
		session := here.register(t)
		scope := tenancy.From(here.as(t, session))
		here.revocations.OnRevoke = func(Revocation) { t.Error("told of what did not happen") }
		wrong := errors.New("wrong")
		err := here.revocations.End(t.Context(), func(tx *db.PlatformTx) ([]Revocation, error) {
			ended, err := endSession(t.Context(), tx, scope.SessionID)
			return ended, errors.Join(err, wrong)
		})
		require.ErrorIs(t, err, wrong)
		here.as(t, session)
	})

	t.Run("one_that_commits_late_is_still_found", func(t *testing.T) {
		d, _, there, _ := setup(t)
		position, err := there.revocations.poll(t.Context(), time.Time{})
		require.NoError(t, err)
		late := Revocation{ID: db.NewID(), Kind: SessionEnded, SessionID: db.NewID()}
		run(t, d, `insert into revocations (id, kind, for_session, at) values ($1, 'session', $2, now() - interval '10 seconds')`, late.ID, late.SessionID)
		_, list, err := listRevocations(t.Context(), d.Platform, position)
		require.NoError(t, err)
		require.Contains(t, list, late)
	})
}

func TestRevocations_poll(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	away, err := db.OpenPlatform(t.Context(), "postgres://baraza_platform@127.0.0.1:1/none", 1, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, away.Close()) })
	i.revocations.DB = away
	position, err := i.revocations.poll(t.Context(), time.Time{})
	require.Error(t, err)
	require.Zero(t, position)
	i.revocations.DB = d.Platform
	position, err = i.revocations.poll(t.Context(), position)
	require.NoError(t, err)
	require.NotZero(t, position)
}

func TestSweep(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	gone, stays := i.register(t), i.register(t)
	ids := map[*Session]uuid.UUID{}
	for _, s := range []*Session{&gone, &stays} {
		ctx := i.as(t, *s)
		ids[s] = tenancy.From(ctx).SessionID
		_, err := i.tickets.Create(ctx, struct{}{})
		require.NoError(t, err)
	}
	run(t, d, `update refresh_tokens set expires_at = now() - interval '1 second' where session_id = $1`, ids[&gone])
	run(t, d, `update socket_tickets set expires_at = now() - interval '1 second' where session_id = $1`, ids[&gone])
	run(t, d, `update login_sessions set revoked_at = now() - interval '31 days' where id = $1`, ids[&gone])
	old := db.NewID()
	run(t, d, `insert into revocations (id, kind, at) values ($1, 'session', now() - interval '2 days')`, old)

	require.NoError(t, sweep(t.Context(), d.Platform))
	for s, id := range ids {
		want := 0
		if s == &stays {
			want = 1
		}
		for _, count := range []string{
			`select count(*) from refresh_tokens where session_id = $1`,
			`select count(*) from socket_tickets where session_id = $1`,
			`select count(*) from login_sessions where id = $1`,
		} {
			n, err := db.One[int](t.Context(), d.Platform, count, id)
			require.NoError(t, err)
			require.Equal(t, want, n, count)
		}
	}
	n, err := db.One[int](t.Context(), d.Platform, `select count(*) from revocations where id = $1`, old)
	require.NoError(t, err)
	require.Zero(t, n)
	i.as(t, stays)
}

// TN-07: what a tenant changes about its own people is over within a second elsewhere,
// message or not, and in that tenant alone.
func TestRevocations_Change(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	here, there := newInstance(t, d), newInstance(t, d)
	told := make(chan Revocation, 1000)
	there.revocations.Revoked = func(r Revocation) { told <- r }
	position, err := there.revocations.poll(t.Context(), time.Time{})
	require.NoError(t, err)
	user := db.NewID()
	require.NoError(t, here.revocations.Change(d.A, d.Tenant, func(*db.Tx) ([]uuid.UUID, error) { return []uuid.UUID{user}, nil }))
	wrong := errors.New("wrong")
	require.ErrorIs(t, here.revocations.Change(d.A, d.Tenant, func(*db.Tx) ([]uuid.UUID, error) { return []uuid.UUID{user}, wrong }), wrong)
	_, err = there.revocations.poll(t.Context(), position)
	require.NoError(t, err)
	var list []Revocation
	for len(told) > 0 {
		if r := <-told; r.UserID == user {
			r.ID = uuid.Nil
			list = append(list, r)
		}
	}
	require.Equal(t, []Revocation{{Kind: MembershipChanged, UserID: user, TenantID: tenancy.From(d.A).TenantID}}, list)
}
