package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/domain"
)

func TestSetPassword(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session, other := i.register(t), i.register(t)
	const next = "eight other plain words"

	require.ErrorIs(t, i.accounts.SetPassword(t.Context(), email("nobody"), next), domain.ErrNotFound)
	require.Equal(t, domain.Invalid, domain.As(i.accounts.SetPassword(t.Context(), session.User.Email, "short")).Kind)
	i.as(t, session)

	require.NoError(t, i.accounts.SetPassword(t.Context(), session.User.Email, next))
	_, err := i.rights.Authenticate(t.Context(), session.AccessToken)
	require.ErrorIs(t, err, ErrSessionRevoked)
	_, err = i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: goodPassword})
	require.ErrorIs(t, err, ErrInvalidCredentials)
	_, err = i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: next})
	require.NoError(t, err)
	i.as(t, other)
}
