package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
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

	t.Run("from_many_addresses_they_slow_down_and_lock_nobody_out", func(t *testing.T) {
		d, i, session := setup(t)
		known, err := i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: goodPassword})
		require.NoError(t, err)
		device, _ := known.Device()
		require.NotEmpty(t, device)
		// As after many wrong ones, of which the last came so long ago.
		slow := func(address string, ago time.Duration) {
			run(t, d, `
				insert into attempts (kind, key_hash, tries, expires_at)
				values ($1, sha256($2), array_fill(clock_timestamp() - $3::interval, array[40]), now() + interval '1 hour')
				on conflict (kind, key_hash) do update set tries = excluded.tries`,
				signInPace.Kind, []byte(signInPace.Kind+"\x00"+cleanEmail(address)), interval(ago))
		}
		n := 0
		login := func(in Login) error {
			n++
			_, err := i.accounts.Login(from(t.Context(), fmt.Sprintf("198.51.100.%d", n)), in)
			return err
		}
		stranger := email("nobody")
		for _, address := range []string{session.User.Email, stranger} {
			require.ErrorIs(t, login(Login{Email: address, Password: "a wrong password"}), ErrInvalidCredentials)
			slow(address, 0)
			for _, secret := range []string{"a wrong password", goodPassword} {
				e := domain.As(login(Login{Email: spelledOtherwise(address), Password: secret}))
				require.Equal(t, attempts.ErrTooMany.Code, e.Code, "known or not, right or not")
				require.Greater(t, e.RetryAfter, time.Second)
				require.LessOrEqual(t, e.RetryAfter, 30*time.Second)
			}
		}
		require.NoError(t, login(Login{Email: session.User.Email, Password: goodPassword, DeviceToken: device}), "a device of theirs waits for nobody")
		require.ErrorIs(t, login(Login{Email: stranger, Password: goodPassword, DeviceToken: device}), attempts.ErrTooMany)
		require.NoError(t, ignored(i.twoFactor.StepUp(i.as(t, session), StepUp{Password: goodPassword})), "nor does a session")
		slow(session.User.Email, 31*time.Second)
		require.NoError(t, login(Login{Email: session.User.Email, Password: goodPassword}), "30 seconds later anybody")

		// What was refused is told the person, once a day, and nobody else.
		slow(session.User.Email, 31*time.Second)
		require.ErrorIs(t, login(Login{Email: session.User.Email, Password: "a wrong password"}), ErrInvalidCredentials)
		i.deliver(t, session.User) // that of signing up
		refusals, err := db.All[uuid.UUID](t.Context(), d.Platform, `select id from sign_in_refusals where user_id = $1`, session.User.ID)
		require.NoError(t, err)
		require.Len(t, refusals, 2)
		for _, id := range refusals {
			require.NoError(t, i.accounts.RecordRefusal(t.Context(), RecordRefusal{id}))
		}
		letters := i.deliver(t, session.User)
		require.Len(t, letters, 1)
		require.Equal(t, "Somebody is guessing your password", letters[0].Subject)
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
