package access

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/factors"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

const otherPassword = "another nine plain words"

// TN-10.
func TestChangePassword(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}

	t.Run("ends_every_session_and_begins_one", func(t *testing.T) {
		_, i, session := setup(t)
		i.deliver(t, session.User)
		stranger, elsewhere := i.register(t), i.signIn(t, session.User, goodPassword)
		_, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: session.User.Email})
		require.NoError(t, err)
		_, token := linkIn(t, i.deliver(t, session.User)[0])

		next, err := i.passwords.Change(i.as(t, session), ChangePassword{CurrentPassword: goodPassword, NewPassword: otherPassword})
		require.NoError(t, err)
		i.over(t, session)
		i.over(t, elsewhere)
		i.as(t, stranger)
		require.Equal(t, session.Tenant.ID, tenancy.From(i.as(t, next)).TenantID)
		require.Equal(t, []string{"Your password was changed"}, subjects(i.deliver(t, session.User)))

		_, err = i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: goodPassword})
		require.ErrorIs(t, err, ErrInvalidCredentials)
		i.signIn(t, session.User, otherPassword)
		_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: "a third one of nine words"})
		require.ErrorIs(t, err, ErrExpired, "a link from before it")
		i.signIn(t, stranger.User, goodPassword)
	})

	t.Run("wants_the_old_one_and_a_new_one", func(t *testing.T) {
		_, i, session := setup(t)
		ctx := i.as(t, session)
		_, err := i.passwords.Change(ctx, ChangePassword{CurrentPassword: "not this one", NewPassword: otherPassword})
		require.ErrorIs(t, err, ErrInvalidCredentials)
		for password, code := range map[string]string{goodPassword: "invalid", "short": "too_short", "password123": "too_common", strings.Repeat("x", 129): "too_long"} {
			_, err := i.passwords.Change(ctx, ChangePassword{CurrentPassword: goodPassword, NewPassword: password})
			require.Equal(t, domain.Invalid, domain.As(err).Kind, password)
			require.Equal(t, []string{"new_password", code}, []string{domain.As(err).Fields[0].Field, domain.As(err).Fields[0].Code})
		}
		i.as(t, session)
	})
}

// TN-10, S15.
func TestResetPassword(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		session := i.register(t)
		i.deliver(t, session.User)
		return d, i, session
	}
	link := func(t *testing.T, i *instance, user User) (token string) {
		t.Helper()
		_, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: spelledOtherwise(user.Email)})
		require.NoError(t, err)
		letters := i.deliver(t, user)
		require.Len(t, letters, 1)
		page, token := linkIn(t, letters[0])
		require.Equal(t, "https://baraza.test/reset-password", page, "the configured address")
		return token
	}

	t.Run("one_of_a_hundred_at_once_wins", func(t *testing.T) {
		_, i, session := setup(t)
		token := link(t, i, session.User)
		won := 0
		for _, err := range parallel(100, func(int) error {
			_, err := i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: otherPassword})
			for errors.Is(err, passwords.ErrBusy) && domain.As(err).RetryAfter == passwords.ErrBusy.RetryAfter { // the queue of hashes
				_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: otherPassword})
			}
			return err
		}) {
			if err == nil {
				won++
				continue
			}
			require.ErrorIs(t, err, ErrExpired)
		}
		require.Equal(t, 1, won)
		i.over(t, session)
		again := i.signIn(t, session.User, otherPassword)
		require.True(t, again.User.EmailVerified, "they read their mail")
		require.Equal(t, []string{"Your password was changed"}, subjects(i.deliver(t, session.User)))
	})

	// S14: statements, answers and what is left behind tell nothing.
	t.Run("known_and_unknown_are_answered_alike", func(t *testing.T) {
		d, i, session := setup(t)
		nobody := email("nobody")
		var counts []int
		for _, address := range []string{session.User.Email, nobody} {
			before, err := db.One[int](t.Context(), d.Platform, `select count(*) from one_time_codes where user_id is not distinct from (select id from users where email_lower = $1)`, cleanEmail(address))
			require.NoError(t, err)
			out, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: address})
			require.NoError(t, err)
			require.Equal(t, domain.None{}, out)
			after, err := db.One[int](t.Context(), d.Platform, `select count(*) from one_time_codes where user_id is not distinct from (select id from users where email_lower = $1)`, cleanEmail(address))
			require.NoError(t, err)
			counts = append(counts, min(1, after-before)) // others ask for nobody's at the same time
		}
		require.Equal(t, []int{1, 1}, counts)
		rows, err := db.All[uuid.UUID](t.Context(), d.Platform, `select id from one_time_codes where user_id is null`)
		require.NoError(t, err)
		for _, id := range rows {
			require.NoError(t, i.codes.Mail(t.Context(), MailCode{CodeID: id}), "comes to nothing")
		}
		require.Empty(t, i.letters(t, nobody))
	})

	t.Run("three_an_hour_and_the_rest_is_silent", func(t *testing.T) {
		d, i, session := setup(t)
		for _, err := range parallel(40, func(int) error {
			_, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: session.User.Email})
			return err
		}) {
			require.NoError(t, err)
		}
		n, err := db.One[int](t.Context(), d.Platform, `select count(*) from one_time_codes where user_id = $1 and purpose = 'reset_password'`, session.User.ID)
		require.NoError(t, err)
		require.Equal(t, 3, n)
	})

	t.Run("the_newest_link_counts_until_it_runs_out", func(t *testing.T) {
		d, i, session := setup(t)
		first := link(t, i, session.User)
		second := link(t, i, session.User)
		reset := func(token string) error {
			_, err := i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: otherPassword})
			return err
		}
		require.ErrorIs(t, reset(first), ErrExpired)
		for _, token := range []string{"", "x", second + "x", second[1:], strings.ToUpper(second)} {
			sameRefusal(t, ErrExpired, reset(token))
		}
		run(t, d, `update one_time_codes set expires_at = now() - interval '1 second' where user_id = $1`, session.User.ID)
		require.ErrorIs(t, reset(second), ErrExpired)
		i.as(t, session)
	})

	t.Run("a_link_of_another_purpose_opens_nothing", func(t *testing.T) {
		_, i, session := setup(t)
		_, err := i.emails.Resend(i.as(t, session), domain.None{})
		require.NoError(t, err)
		_, verify := linkIn(t, i.deliver(t, session.User)[0])
		_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: verify, NewPassword: otherPassword})
		require.ErrorIs(t, err, ErrExpired)
		_, err = i.emails.Verify(t.Context(), VerifyEmail{Token: link(t, i, session.User)})
		require.ErrorIs(t, err, ErrExpired)
	})

	t.Run("a_second_factor_is_asked_all_the_same", func(t *testing.T) {
		_, i, session := setup(t)
		app := i.turnOnFactor(t, session)
		i.deliver(t, session.User)
		token := link(t, i, session.User)
		in := ResetPassword{Token: token, NewPassword: otherPassword}
		_, err := i.passwords.Reset(t.Context(), in)
		require.ErrorIs(t, err, ErrTOTPRequired)
		in.TOTP = "000000"
		_, err = i.passwords.Reset(t.Context(), in)
		require.ErrorIs(t, err, factors.ErrInvalid)
		in.TOTP = app.code()
		_, err = i.passwords.Reset(t.Context(), in)
		require.NoError(t, err, "the refusals spent nothing")
	})

	t.Run("a_letter_tried_again_makes_another_link", func(t *testing.T) {
		d, i, session := setup(t)
		link(t, i, session.User)
		id, err := db.One[uuid.UUID](t.Context(), d.Platform, `select id from one_time_codes where user_id = $1 and purpose = 'reset_password'`, session.User.ID)
		require.NoError(t, err)
		require.NoError(t, i.codes.Mail(t.Context(), MailCode{CodeID: id}))
		letters := i.letters(t, session.User.Email)
		_, token := linkIn(t, letters[len(letters)-1])
		_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: otherPassword})
		require.NoError(t, err)
		require.NoError(t, i.codes.Mail(t.Context(), MailCode{CodeID: id}), "used: nothing to do")
		stored, err := db.One[bool](t.Context(), d.Platform, `select exists (select from one_time_codes c where c::text like '%' || $1 || '%')`, token)
		require.NoError(t, err)
		require.False(t, stored, "only its hash is")
	})
}
