package access

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// SE-04: refresh tokens rotate, and reuse ends the family. SE-05: what the cookies
// need is said by Tokens.
func TestRefresh(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}
	refresh := func(t *testing.T, i *instance, token string) Session {
		t.Helper()
		session, err := i.sessions.Refresh(t.Context(), Refresh{RefreshToken: token})
		require.NoError(t, err)
		return session
	}
	// wait makes the grace of every exchange so far run out.
	wait := func(t *testing.T, d dbtest.DB, sessionID uuid.UUID) {
		t.Helper()
		run(t, d, `update refresh_tokens set used_at = used_at - interval '11 seconds' where session_id = $1 and used_at is not null`, sessionID)
	}

	t.Run("gives_the_successor_in_the_same_session", func(t *testing.T) {
		d, i, first := setup(t)
		second := refresh(t, i, first.RefreshToken)
		require.NotEqual(t, first.RefreshToken, second.RefreshToken)
		require.Equal(t, first.User, second.User)
		require.Equal(t, first.Tenant, second.Tenant)
		before, after := tenancy.From(i.as(t, first)), tenancy.From(i.as(t, second))
		require.Equal(t, before.SessionID, after.SessionID)

		access, token, accessTTL, refreshTTL := second.Tokens()
		require.Equal(t, []string{second.AccessToken, second.RefreshToken}, []string{access, token})
		require.Equal(t, 15*time.Minute, accessTTL)
		require.InDelta(t, 7*24*time.Hour, refreshTTL, float64(time.Minute))

		// TN-02: a session of one tenant says nothing about the other.
		require.NotEqual(t, tenancy.From(d.B).TenantID, after.TenantID)
	})

	t.Run("takes_it_from_the_cookie_when_the_body_has_none", func(t *testing.T) {
		_, i, first := setup(t)
		_, err := i.sessions.Refresh(t.Context(), Refresh{Cookie: first.RefreshToken})
		require.NoError(t, err)
	})

	t.Run("two_tabs_and_a_lost_answer_get_the_same_successor", func(t *testing.T) {
		_, i, first := setup(t)
		successor := refresh(t, i, first.RefreshToken).RefreshToken
		require.Equal(t, successor, refresh(t, i, first.RefreshToken).RefreshToken)
		require.Equal(t, successor, refresh(t, i, first.RefreshToken).RefreshToken)
	})

	t.Run("a_tab_that_is_two_behind_gets_the_newest", func(t *testing.T) {
		d, i, first := setup(t)
		second := refresh(t, i, first.RefreshToken)
		third := refresh(t, i, second.RefreshToken)
		require.Equal(t, third.RefreshToken, refresh(t, i, first.RefreshToken).RefreshToken)
		wait(t, d, tenancy.From(i.as(t, first)).SessionID)
		refresh(t, i, third.RefreshToken)
	})

	t.Run("of_a_hundred_at_once_all_go_on_with_one_successor", func(t *testing.T) {
		d, i, first := setup(t)
		var mu sync.Mutex
		successors := map[string]int{}
		errs := parallel(100, func(int) error {
			session, err := i.sessions.Refresh(t.Context(), Refresh{RefreshToken: first.RefreshToken})
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				successors[session.RefreshToken]++
			}
			return err
		})
		require.NoError(t, errors.Join(errs...))
		require.Len(t, successors, 1)
		n, err := db.One[int](t.Context(), d.Platform, `select count(*) from refresh_tokens where session_id = $1`,
			tenancy.From(i.as(t, first)).SessionID)
		require.NoError(t, err)
		require.Equal(t, 2, n)
	})

	t.Run("late_reuse_ends_the_session_for_thief_and_owner", func(t *testing.T) {
		d, i, first := setup(t)
		ctx := i.as(t, first)
		second := refresh(t, i, first.RefreshToken)
		wait(t, d, tenancy.From(ctx).SessionID)
		var ended []Revocation
		i.revocations.OnRevoke = func(r Revocation) { ended = append(ended, r) }

		_, err := i.sessions.Refresh(t.Context(), Refresh{RefreshToken: first.RefreshToken})
		require.ErrorIs(t, err, ErrSessionRevoked)
		require.Len(t, ended, 1)
		require.True(t, ended[0].Concerns(tenancy.From(ctx)))
		require.False(t, ended[0].Concerns(tenancy.From(d.B)))

		_, err = i.sessions.Refresh(t.Context(), Refresh{RefreshToken: second.RefreshToken})
		require.ErrorIs(t, err, ErrSessionRevoked)
		_, err = i.rights.Authenticate(t.Context(), second.AccessToken)
		require.ErrorIs(t, err, ErrSessionRevoked)
		_, err = i.sessions.Refresh(t.Context(), Refresh{RefreshToken: first.RefreshToken})
		require.ErrorIs(t, err, ErrSessionRevoked)
		require.Len(t, ended, 1, "told once")
		require.Equal(t, []string{"Confirm your e-mail address", "A session of yours was ended"}, subjects(i.deliver(t, first.User)))
	})

	t.Run("other_sessions_of_the_person_go_on", func(t *testing.T) {
		d, i, first := setup(t)
		other, err := i.accounts.Login(t.Context(), Login{Email: first.User.Email, Password: goodPassword})
		require.NoError(t, err)
		refresh(t, i, first.RefreshToken)
		wait(t, d, tenancy.From(i.as(t, first)).SessionID)
		_, err = i.sessions.Refresh(t.Context(), Refresh{RefreshToken: first.RefreshToken})
		require.ErrorIs(t, err, ErrSessionRevoked)
		refresh(t, i, other.RefreshToken)
	})

	t.Run("runs_out_when_idle_and_in_the_end", func(t *testing.T) {
		d, i, first := setup(t)
		id := tenancy.From(i.as(t, first)).SessionID
		run(t, d, `update login_sessions set expires_at = now() + interval '1 hour' where id = $1`, id)
		second := refresh(t, i, first.RefreshToken)
		_, _, _, ttl := second.Tokens()
		require.LessOrEqual(t, ttl, time.Hour, "never longer than the session")

		run(t, d, `update refresh_tokens set expires_at = now() where session_id = $1`, id)
		_, err := i.sessions.Refresh(t.Context(), Refresh{RefreshToken: second.RefreshToken})
		sameRefusal(t, domain.ErrUnauthenticated, err)

		run(t, d, `update refresh_tokens set expires_at = now() + interval '1 day' where session_id = $1`, id)
		run(t, d, `update login_sessions set expires_at = now() where id = $1`, id)
		_, err = i.sessions.Refresh(t.Context(), Refresh{RefreshToken: second.RefreshToken})
		require.ErrorIs(t, err, ErrSessionRevoked)
	})

	t.Run("refuses_what_it_never_gave", func(t *testing.T) {
		_, i, first := setup(t)
		for _, token := range []string{"", "rt_", newRefreshToken(), first.AccessToken, first.RefreshToken + "A", first.RefreshToken[1:]} {
			_, err := i.sessions.Refresh(t.Context(), Refresh{RefreshToken: token})
			sameRefusal(t, domain.ErrUnauthenticated, err)
		}
	})

	t.Run("the_database_alone_opens_no_successor", func(t *testing.T) {
		d, i, first := setup(t)
		second := refresh(t, i, first.RefreshToken)
		row, err := readRefreshToken(t.Context(), d.Platform, first.RefreshToken)
		require.NoError(t, err)
		require.NotContains(t, string(row.Successor), second.RefreshToken)
		_, err = openSuccessor(string(domain.HashOf(first.RefreshToken)), row.Successor)
		require.Error(t, err)
		opened, err := openSuccessor(first.RefreshToken, row.Successor)
		require.NoError(t, err)
		require.Equal(t, second.RefreshToken, opened)
	})

	t.Run("leaves_a_tenant_the_person_no_longer_belongs_to", func(t *testing.T) {
		d, i, first := setup(t)
		join(t, d, first.User, d.B, "owner")
		run(t, d, `update memberships set status = 'suspended' where tenant_id = $1 and user_id = $2`, first.Tenant.ID, first.User.ID)
		second := refresh(t, i, first.RefreshToken)
		require.Equal(t, tenancy.From(d.B).TenantID, second.Tenant.ID)
		run(t, d, `update memberships set status = 'suspended' where user_id = $1`, first.User.ID)
		require.Nil(t, refresh(t, i, second.RefreshToken).Tenant)
	})
}
