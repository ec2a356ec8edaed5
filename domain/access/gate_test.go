package access

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/attempts"
)

// SE-08, S13, S14.
func TestGuessing(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}
	from := func(ctx context.Context, ip string) context.Context {
		return domain.WithRequest(ctx, domain.Request{IP: ip})
	}

	t.Run("ten_of_two_hundred_at_once_are_tried", func(t *testing.T) {
		_, i, session := setup(t)
		tried := map[string]int{}
		for _, address := range []string{session.User.Email, email("nobody")} {
			for _, err := range parallel(200, func(n int) error {
				spelled := address
				if n%2 == 0 {
					spelled = spelledOtherwise(address)
				}
				_, err := i.accounts.Login(from(t.Context(), "192.0.2.1"), Login{Email: spelled, Password: "a wrong password"})
				return err
			}) {
				if errors.Is(err, ErrInvalidCredentials) {
					tried[address]++
					continue
				}
				require.ErrorIs(t, err, attempts.ErrTooMany)
			}
			require.Equal(t, 10, tried[address], "known or not")
		}
		// The right one does not help there now; elsewhere it does: strangers lock nobody out.
		_, err := i.accounts.Login(from(t.Context(), "192.0.2.1"), Login{Email: session.User.Email, Password: goodPassword})
		require.ErrorIs(t, err, attempts.ErrTooMany)
		_, err = i.accounts.Login(from(t.Context(), "192.0.2.2"), Login{Email: session.User.Email, Password: goodPassword})
		require.NoError(t, err)
	})

	t.Run("right_ones_do_not_count", func(t *testing.T) {
		_, i, session := setup(t)
		for range 12 {
			i.signIn(t, session.User, goodPassword)
		}
	})

	t.Run("wherever_the_password_is_asked", func(t *testing.T) {
		_, i, session := setup(t)
		ctx := from(i.as(t, session), "192.0.2.1")
		for range 10 {
			_, err := i.twoFactor.SetUp(ctx, SetUpFactor{Password: "a wrong password"})
			require.ErrorIs(t, err, ErrInvalidCredentials)
		}
		for what, err := range map[string]error{
			"change": ignored(i.passwords.Change(ctx, ChangePassword{CurrentPassword: goodPassword, NewPassword: otherPassword})),
			"setup":  ignored(i.twoFactor.SetUp(ctx, SetUpFactor{Password: goodPassword})),
			"stepup": ignored(i.twoFactor.StepUp(ctx, StepUp{Password: goodPassword})),
			"code":   ignored(i.accounts.MailCode(from(t.Context(), "192.0.2.1"), LoginCode{Email: session.User.Email, Password: goodPassword})),
			"login":  ignored(i.accounts.Login(from(t.Context(), "192.0.2.1"), Login{Email: session.User.Email, Password: goodPassword})),
		} {
			require.ErrorIs(t, err, attempts.ErrTooMany, what)
		}
	})
}

func ignored[T any](_ T, err error) error { return err }

// SE-07: hashes of bcrypt are accepted and replaced at the first sign-in.
func TestBcrypt(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session := i.register(t)
	const typed = "cafe\u0301 noir, as it was typed"
	hash, err := bcrypt.GenerateFromPassword([]byte(typed), bcrypt.MinCost)
	require.NoError(t, err)
	run(t, d, `update users set password_hash = $2 where id = $1`, session.User.ID, string(hash))
	_, err = i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: "another"})
	require.ErrorIs(t, err, ErrInvalidCredentials)
	stored := func() string {
		text, err := db.One[string](t.Context(), d.Platform, `select password_hash from users where id = $1`, session.User.ID)
		require.NoError(t, err)
		return text
	}
	require.Equal(t, string(hash), stored())
	for range 2 {
		i.signIn(t, session.User, typed)
		require.True(t, strings.HasPrefix(stored(), "$argon2id$v=19$m=19456,t=4,p=1$"), stored())
	}
	i.signIn(t, session.User, "caf\u00e9 noir, as it was typed")
}
