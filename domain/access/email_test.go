package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/attempts"
)

// TN-11: an address is verified by who reads its mail.
func TestVerifyEmail(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session, other := i.register(t), i.register(t)
	require.False(t, session.User.EmailVerified)
	letters := i.deliver(t, session.User)
	require.Equal(t, []string{"Confirm your e-mail address"}, subjects(letters), "sign-up sends one")
	page, token := linkIn(t, letters[0])
	require.Equal(t, "https://baraza.test/verify-email", page)

	won := 0
	for _, err := range parallel(20, func(int) error { _, err := i.emails.Verify(t.Context(), VerifyEmail{Token: token}); return err }) {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, ErrExpired)
	}
	require.Equal(t, 1, won)
	me, err := i.accounts.Me(i.as(t, session), domain.None{})
	require.NoError(t, err)
	require.True(t, me.User.EmailVerified)
	me, err = i.accounts.Me(i.as(t, other), domain.None{})
	require.NoError(t, err)
	require.False(t, me.User.EmailVerified)

	// Who is verified gets no more letters, others three a day.
	_, err = i.emails.Resend(i.as(t, session), domain.None{})
	require.NoError(t, err)
	require.Empty(t, i.deliver(t, session.User))
	passed := 0
	for _, err := range parallel(20, func(int) error { _, err := i.emails.Resend(i.as(t, other), domain.None{}); return err }) {
		if err == nil {
			passed++
			continue
		}
		require.ErrorIs(t, err, attempts.ErrTooMany)
	}
	require.Equal(t, 3, passed)
	require.Len(t, i.deliver(t, other.User), 3, "of the four asked for, sign-up's included")
}
