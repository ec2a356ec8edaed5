package factors

import (
	"context"
	"encoding/base32"
	"errors"
	"net/url"
	"strings"
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

// TN-12: RFC 6238, appendix B, the SHA-1 column; its codes have eight digits, of which
// ours are the last six. And RFC 4226, appendix D.
func TestVectors(t *testing.T) {
	t.Parallel()
	secret := []byte("12345678901234567890")
	for unix, code := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		require.Equal(t, code[2:], codeAt(secret, stepAt(time.Unix(unix, 0))))
	}
	for counter, code := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		require.Equal(t, code, codeAt(secret, int64(counter)))
	}
	for counter, want := range []uint32{1284755224, 1094287082, 137359152, 1726969429, 1640338314} {
		require.Equal(t, want, number(secret, int64(counter)))
	}
}

func TestOTPAuthURL(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(otpauthURL("Baraza", "wanjiku+x@acme.test", "GEZDGNBV"))
	require.NoError(t, err)
	require.Equal(t, []string{"otpauth", "totp", "/Baraza:wanjiku+x@acme.test"}, []string{u.Scheme, u.Host, u.Path})
	require.Equal(t, url.Values{"secret": {"GEZDGNBV"}, "issuer": {"Baraza"}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}, u.Query())
}

// someone is a person with a factor, and an app that knows it.
type someone struct {
	*Factors
	db     *db.Platform
	id     uuid.UUID
	secret []byte
	now    time.Time
}

func newSomeone(t *testing.T) *someone {
	t.Helper()
	d := dbtest.New(t)
	s := &someone{db: d.Platform, id: tenancy.From(d.A).UserID, now: time.Unix(1_900_000_000, 0)}
	s.Factors = &Factors{Master: dbtest.Master(t), Issuer: "Baraza", Now: func() time.Time { return s.now }}
	return s
}

func (s *someone) tx(ctx context.Context, fn func(*db.PlatformTx) error) error {
	return s.db.Tx(ctx, fn)
}

func (s *someone) setUp(t *testing.T) {
	t.Helper()
	require.NoError(t, s.tx(t.Context(), func(tx *db.PlatformTx) error {
		secret, err := s.SetUp(t.Context(), tx, s.id, "wanjiku@acme.test")
		if err != nil {
			return err
		}
		require.Contains(t, secret.OTPAuthURL, "secret="+secret.Secret+"&")
		s.secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret.Secret)
		return err
	}))
	require.Len(t, s.secret, 20)
}

// turnOn sets up and confirms.
func (s *someone) turnOn(t *testing.T) (codes []string) {
	t.Helper()
	s.setUp(t)
	require.NoError(t, s.tx(t.Context(), func(tx *db.PlatformTx) (err error) {
		codes, err = s.Confirm(t.Context(), tx, s.id, s.code(0))
		return err
	}))
	s.now = s.now.Add(5 * time.Minute)
	return codes
}

// code is what the app shows so many steps from now.
func (s *someone) code(steps int64) string { return codeAt(s.secret, stepAt(s.now)+steps) }

func (s *someone) spend(ctx context.Context, code string) error {
	return s.tx(ctx, func(tx *db.PlatformTx) error { return s.Spend(ctx, tx, s.id, code) })
}

func (s *someone) recover(ctx context.Context, code string) error {
	return s.tx(ctx, func(tx *db.PlatformTx) error { return s.SpendRecovery(ctx, tx, s.id, code) })
}

// TN-12, S19.
func TestFactors(t *testing.T) {
	t.Parallel()

	t.Run("counts_from_its_first_code_on", func(t *testing.T) {
		t.Parallel()
		s := newSomeone(t)
		confirm := func(code string) error {
			return s.tx(t.Context(), func(tx *db.PlatformTx) error { _, err := s.Confirm(t.Context(), tx, s.id, code); return err })
		}
		require.ErrorIs(t, confirm("123456"), ErrNotSetUp)
		s.setUp(t)
		require.ErrorIs(t, s.spend(t.Context(), s.code(0)), ErrInvalid, "not yet")
		first := s.secret
		s.setUp(t)
		require.NotEqual(t, first, s.secret)
		require.ErrorIs(t, confirm(codeAt(first, stepAt(s.now))), ErrInvalid, "of the secret before")
		require.NoError(t, confirm(s.code(0)))
		require.ErrorIs(t, confirm(s.code(1)), ErrOn)
		require.ErrorIs(t, s.tx(t.Context(), func(tx *db.PlatformTx) error {
			_, err := s.SetUp(t.Context(), tx, s.id, "wanjiku@acme.test")
			return err
		}), ErrOn, "nobody replaces a secret that counts")
		require.ErrorIs(t, s.spend(t.Context(), s.code(0)), ErrInvalid, "the first code is spent too")
	})

	t.Run("takes_a_step_to_either_side_and_none_further", func(t *testing.T) {
		t.Parallel()
		s := newSomeone(t)
		s.turnOn(t)
		for _, steps := range []int64{-3, -2, 2, 3} {
			require.ErrorIs(t, s.spend(t.Context(), s.code(steps)), ErrInvalid, steps)
		}
		for _, steps := range []int64{-1, 0, 1} {
			require.NoError(t, s.spend(t.Context(), s.code(steps)), steps)
		}
		s.now = s.now.Add(90 * time.Second)
		require.NoError(t, s.spend(t.Context(), " "+s.code(0)[:3]+" "+s.code(0)[3:]), "as people type it")
		for _, code := range []string{"", "12345", "1234567", "abcdef", strings.Repeat("0", 1000), "１２３４５６"} {
			require.ErrorIs(t, s.spend(t.Context(), code), ErrInvalid, code)
		}
	})

	t.Run("a_step_is_spent_once_and_with_it_those_before", func(t *testing.T) {
		t.Parallel()
		s := newSomeone(t)
		s.turnOn(t)
		code := s.code(0)
		won := 0
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				err := s.spend(t.Context(), code)
				for errors.Is(err, domain.ErrUnavailable) {
					err = s.spend(t.Context(), code)
				}
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !errors.Is(err, ErrInvalid) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.Equal(t, 1, won)
		require.ErrorIs(t, s.spend(t.Context(), s.code(-1)), ErrInvalid)
		require.NoError(t, s.spend(t.Context(), s.code(1)))
	})

	t.Run("a_code_is_not_lost_on_what_fails_beside_it", func(t *testing.T) {
		t.Parallel()
		s := newSomeone(t)
		recovery := s.turnOn(t)
		failed := errors.New("later in the transaction")
		require.ErrorIs(t, s.tx(t.Context(), func(tx *db.PlatformTx) error {
			return errors.Join(s.Spend(t.Context(), tx, s.id, s.code(0)), s.SpendRecovery(t.Context(), tx, s.id, recovery[0]), failed)
		}), failed)
		require.NoError(t, s.spend(t.Context(), s.code(0)))
		require.NoError(t, s.recover(t.Context(), recovery[0]))
	})

	t.Run("recovery_codes_are_good_once_however_they_are_typed", func(t *testing.T) {
		t.Parallel()
		s := newSomeone(t)
		codes := s.turnOn(t)
		require.Len(t, codes, 10)
		for i, code := range codes {
			require.Regexp(t, `^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$`, code)
			if i%2 == 0 {
				code = " " + strings.ToUpper(strings.ReplaceAll(code, "-", " "))
			}
			require.NoError(t, s.recover(t.Context(), code))
			require.ErrorIs(t, s.recover(t.Context(), code), ErrInvalid)
		}
		for _, code := range []string{"", "-----", "00000-00000"} {
			require.ErrorIs(t, s.recover(t.Context(), code), ErrInvalid)
		}
		var renewed []string
		require.NoError(t, s.tx(t.Context(), func(tx *db.PlatformTx) (err error) {
			renewed, err = s.RenewRecovery(t.Context(), tx, s.id)
			return err
		}))
		require.NoError(t, s.recover(t.Context(), renewed[0]))

		// Kept as hashes, the secret sealed.
		rows, err := db.One[string](t.Context(), s.db, `
			select string_agg(r::text, ' ') || ' ' || (select f::text from second_factors f where f.user_id = $1)
			from recovery_codes r where r.user_id = $1`, s.id)
		require.NoError(t, err)
		require.NotContains(t, rows, renewed[1])
		require.NotContains(t, rows, base32Secret.EncodeToString(s.secret))
	})

	t.Run("somebody_elses_codes_are_nobodys", func(t *testing.T) {
		t.Parallel()
		s, other := newSomeone(t), newSomeone(t)
		codes := s.turnOn(t)
		otherCodes := other.turnOn(t)
		require.ErrorIs(t, other.spend(t.Context(), s.code(0)), ErrInvalid)
		require.ErrorIs(t, other.recover(t.Context(), codes[0]), ErrInvalid)
		require.NoError(t, s.tx(t.Context(), func(tx *db.PlatformTx) error { return s.Remove(t.Context(), tx, s.id) }))
		require.ErrorIs(t, s.spend(t.Context(), s.code(0)), ErrInvalid, "it is off")
		require.ErrorIs(t, s.recover(t.Context(), codes[1]), ErrInvalid)
		require.NoError(t, other.recover(t.Context(), otherCodes[0]))
		// A sealed secret opens for its own person alone.
		n, err := db.Exec(t.Context(), s.db, `
			insert into second_factors (user_id, sealed_secret, confirmed_at)
			select $1, sealed_secret, now() from second_factors where user_id = $2`, s.id, other.id)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Equal(t, domain.Internal, domain.As(s.spend(t.Context(), other.code(0))).Kind)
	})
}
