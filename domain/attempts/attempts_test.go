package attempts

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
)

// SE-08, S13: limits are exact.
func TestCounter(t *testing.T) {
	t.Parallel()
	limit := Limit{Kind: "test", Max: 10, Every: 15 * time.Minute}

	setup := func(t *testing.T) (*Counter, string) {
		t.Parallel()
		return &Counter{DB: dbtest.New(t).Platform}, db.NewID().String()
	}
	// parallel says how many of n tries at once pass; the others are ErrTooMany.
	parallel := func(t *testing.T, c *Counter, n int, key string) (passed int) {
		t.Helper()
		errs := make([]error, n)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				for errs[i] = c.Take(t.Context(), limit, key); errors.Is(errs[i], domain.ErrUnavailable); {
					errs[i] = c.Take(t.Context(), limit, key)
				}
			})
		}
		all.Wait()
		for _, err := range errs {
			if err == nil {
				passed++
				continue
			}
			require.ErrorIs(t, err, ErrTooMany)
		}
		return passed
	}
	age := func(t *testing.T, c *Counter, key string, by time.Duration) {
		t.Helper()
		_, err := db.Exec(t.Context(), c.DB, `
			update attempts set tries = array(select u - $2::interval from unnest(tries) u order by u), expires_at = expires_at - $2::interval
			where key_hash = $1`, keyHash(limit, key), by.String())
		require.NoError(t, err)
	}

	t.Run("the_limit_passes_of_two_hundred_at_once_and_no_more", func(t *testing.T) {
		c, key := setup(t)
		require.Equal(t, limit.Max, parallel(t, c, 200, key))
		require.Zero(t, parallel(t, c, 5, key))
		require.Equal(t, 1, parallel(t, c, 1, key+"'s neighbour"), "a key has its own")
	})

	t.Run("a_span_that_begins_anywhere_has_no_more_either", func(t *testing.T) {
		c, key := setup(t)
		require.Equal(t, 4, parallel(t, c, 4, key))
		age(t, c, key, 14*time.Minute)
		require.Equal(t, 6, parallel(t, c, 20, key))
		age(t, c, key, 2*time.Minute)
		require.Equal(t, 4, parallel(t, c, 20, key), "the first four count no more, the six do")
		age(t, c, key, limit.Every)
		require.Equal(t, limit.Max, parallel(t, c, 20, key))
	})

	t.Run("what_is_given_back_does_not_count", func(t *testing.T) {
		c, key := setup(t)
		for range 30 {
			require.NoError(t, c.Take(t.Context(), limit, key))
			require.NoError(t, GiveBack(t.Context(), c.DB, limit, key))
		}
		require.NoError(t, GiveBack(t.Context(), c.DB, limit, key), "nor does it add")
		require.Equal(t, limit.Max, parallel(t, c, 20, key))
	})

	t.Run("says_when_to_come_back", func(t *testing.T) {
		c, key := setup(t)
		require.Equal(t, limit.Max, parallel(t, c, limit.Max, key))
		for passed, words := range map[time.Duration]string{0: "15 minutes", 10 * time.Minute: "5 minutes"} {
			age(t, c, key, passed)
			err := domain.As(c.Take(t.Context(), limit, key))
			require.InDelta(t, (limit.Every - passed).Seconds(), err.RetryAfter.Seconds(), 30)
			require.Equal(t, fmt.Sprintf("Too many tries. Try again in %s.", words), err.Detail)
			age(t, c, key, -passed)
		}
	})

	t.Run("forgets_what_no_longer_counts", func(t *testing.T) {
		c, key := setup(t)
		require.Equal(t, 1, parallel(t, c, 1, key))
		require.Equal(t, 1, parallel(t, c, 1, key+"'s neighbour"))
		age(t, c, key, limit.Every+time.Minute)
		require.NoError(t, c.Sweep(t.Context()))
		n, err := db.One[int](t.Context(), c.DB, `select count(*) from attempts where key_hash in ($1, $2)`,
			keyHash(limit, key), keyHash(limit, key+"'s neighbour"))
		require.NoError(t, err)
		require.Equal(t, 1, n)
	})
}

// SE-08: past the pace a try waits, ever longer and never too long, and nobody is locked
// out.
func TestPace(t *testing.T) {
	t.Parallel()
	c := &Counter{DB: dbtest.New(t).Platform}
	pace := Pace{Limit{Kind: "pace", Max: 20, Every: time.Hour}, 10 * time.Second, 30 * time.Second}
	key := db.NewID().String()
	age := func(by time.Duration) {
		_, err := db.Exec(t.Context(), c.DB, `update attempts set tries = array(select u - $2::interval from unnest(tries) u order by u) where key_hash = $1`,
			keyHash(pace.Limit, key), by.String())
		require.NoError(t, err)
	}
	slowed := func() bool {
		is, err := Slowed(t.Context(), c.DB, pace, key)
		require.NoError(t, err)
		return is
	}
	require.False(t, slowed())
	// However long these take, none of them is ten minutes late.
	long := Pace{pace.Limit, 10 * time.Minute, 10 * time.Minute}
	errs := make([]error, 200)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			for errs[i] = c.Keep(t.Context(), long, key); errors.Is(errs[i], domain.ErrUnavailable); {
				errs[i] = c.Keep(t.Context(), long, key)
			}
		})
	}
	all.Wait()
	passed := 0
	for _, err := range errs {
		if err == nil {
			passed++
			continue
		}
		require.ErrorIs(t, err, ErrTooMany)
	}
	require.Equal(t, pace.Max, passed, "exactly, of two hundred at once")
	require.True(t, slowed())
	require.NoError(t, c.Keep(t.Context(), pace, key+"'s neighbour"))

	age(11 * time.Second)
	for _, wait := range []time.Duration{20 * time.Second, 30 * time.Second, 30 * time.Second} {
		require.NoError(t, c.Keep(t.Context(), pace, key))
		for range 2 {
			err := domain.As(c.Keep(t.Context(), pace, key))
			require.Equal(t, ErrTooMany.Code, err.Code)
			require.Greater(t, err.RetryAfter, time.Duration(0))
			require.LessOrEqual(t, err.RetryAfter, wait)
		}
		age(wait)
	}
	age(pace.Every)
	require.False(t, slowed())
	require.NoError(t, c.Keep(t.Context(), pace, key))
}
