package access

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

func TestSwitch(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session := i.register(t)
	ctx := i.as(t, session)
	there := tenancy.From(d.B).TenantID

	_, err := i.sessions.Switch(ctx, Switch{TenantID: there})
	require.ErrorIs(t, err, domain.ErrNotFound)
	unknown := domain.As(err)
	_, err = i.sessions.Switch(ctx, Switch{TenantID: uuid.New()})
	sameRefusal(t, unknown, err)

	join(t, d, session.User, d.B, "owner")
	moved, err := i.sessions.Switch(ctx, Switch{TenantID: there})
	require.NoError(t, err)
	require.Equal(t, there, moved.Tenant.ID)
	scope := tenancy.From(i.as(t, moved))
	require.Equal(t, there, scope.TenantID)
	require.Equal(t, tenancy.From(ctx).SessionID, scope.SessionID)

	// In the new tenant the rows of the new one, in the old one those of the old.
	require.Len(t, memberNames(t, d, i.as(t, moved)), 2)
	require.Len(t, memberNames(t, d, ctx), 1)

	// Another tab's refresh token still holds, and leads to the tenant of last time.
	other, err := i.sessions.Refresh(t.Context(), Refresh{RefreshToken: session.RefreshToken})
	require.NoError(t, err)
	require.Equal(t, there, other.Tenant.ID)
	_, err = i.sessions.Refresh(t.Context(), Refresh{RefreshToken: moved.RefreshToken})
	require.NoError(t, err)
}

func TestLogout(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (*instance, Session, Session) {
		t.Parallel()
		i := newInstance(t, dbtest.New(t))
		first := i.register(t)
		second, err := i.accounts.Login(t.Context(), Login{Email: first.User.Email, Password: goodPassword})
		require.NoError(t, err)
		return i, first, second
	}
	refused := func(t *testing.T, i *instance, s Session) {
		t.Helper()
		_, err := i.rights.Authenticate(t.Context(), s.AccessToken)
		require.ErrorIs(t, err, ErrSessionRevoked)
		_, err = i.sessions.Refresh(t.Context(), Refresh{RefreshToken: s.RefreshToken})
		require.ErrorIs(t, err, ErrSessionRevoked)
	}

	t.Run("ends_this_session_at_once", func(t *testing.T) {
		i, first, second := setup(t)
		ctx := i.as(t, first)
		out, err := i.sessions.Logout(ctx, Logout{})
		require.NoError(t, err)
		access, refresh, _, _ := out.Tokens()
		require.Empty(t, access+refresh)
		refused(t, i, first)
		i.as(t, second)

		_, err = i.sessions.EndsAt(ctx)
		require.ErrorIs(t, err, ErrSessionRevoked)
		_, err = i.sessions.Logout(ctx, Logout{})
		require.NoError(t, err, "a second click")
	})

	t.Run("ends_all_of_the_person", func(t *testing.T) {
		i, first, second := setup(t)
		stranger := i.register(t)
		_, err := i.sessions.Logout(i.as(t, second), Logout{All: true})
		require.NoError(t, err)
		refused(t, i, first)
		refused(t, i, second)
		i.as(t, stranger)
	})

	t.Run("until_then_it_lasts_thirty_days", func(t *testing.T) {
		i, first, _ := setup(t)
		ends, err := i.sessions.EndsAt(i.as(t, first))
		require.NoError(t, err)
		require.InDelta(t, 30*24*time.Hour, time.Until(ends), float64(time.Minute))
	})
}
