package idempotency

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// SE-28 (S44): what is asked for twice is done once.
func TestStore(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *Store) {
		t.Parallel()
		d := dbtest.New(t)
		s, err := NewStore(d.Tenant, d.Platform, make([]byte, 32), zaptest.NewLogger(t))
		require.NoError(t, err)
		return d, s
	}
	request := func() Request {
		return Request{Path: "/api/roles", Key: db.NewID().String(), Hash: []byte("hash of a request")}
	}
	insert := func(ctx context.Context, tx *db.Tx, name string) error {
		_, err := db.Exec(ctx, tx, `insert into roles (id, name, permissions, scopes) values ($1, $2, '{}', '{}')`, db.NewID(), name+" "+db.NewID().String())
		return err
	}
	effects := func(t *testing.T, d dbtest.DB, ctx context.Context, name string) int {
		t.Helper()
		n, err := db.One[int](ctx, d.Tenant, `select count(*) from roles where name like $1`, name+" %")
		require.NoError(t, err)
		return n
	}
	// do is a request from its arrival to its answer.
	do := func(d dbtest.DB, s *Store, ctx context.Context, in Request, name string) (Answer, bool, error) {
		found, err := s.Find(ctx, in)
		if err == nil || !errors.Is(err, domain.ErrNotFound) {
			return found, err == nil, err
		}
		claimed := s.Claim(ctx, in)
		if err := d.Tenant.Tx(claimed, func(tx *db.Tx) error { return insert(claimed, tx, name) }); err != nil {
			return Answer{}, false, err
		}
		answer := Answer{Status: 201, ETag: `"1"`, Body: []byte(`{"secret":"` + name + `"}`)}
		return answer, false, s.Keep(claimed, in, answer)
	}

	t.Run("a_hundred_at_once_have_one_effect", func(t *testing.T) {
		d, s := setup(t)
		in := request()
		outcomes := make([]error, 100)
		var all sync.WaitGroup
		for i := range outcomes {
			all.Go(func() {
				for {
					_, _, outcomes[i] = do(d, s, d.A, in, "parallel")
					if !errors.Is(outcomes[i], domain.ErrUnavailable) {
						return // more of them than connections: who is told to come back does
					}
				}
			})
		}
		all.Wait()
		for _, err := range outcomes {
			if err != nil {
				require.ErrorIs(t, err, ErrRunning)
			}
		}
		require.Equal(t, 1, effects(t, d, d.A, "parallel"))
		answer, replayed, err := do(d, s, d.A, in, "parallel")
		require.NoError(t, err)
		require.True(t, replayed)
		require.Equal(t, Answer{Status: 201, ETag: `"1"`, Body: []byte(`{"secret":"parallel"}`)}, answer)
	})

	t.Run("the_answer_is_sealed", func(t *testing.T) {
		d, s := setup(t)
		in := request()
		_, _, err := do(d, s, d.A, in, "quietly")
		require.NoError(t, err)
		kept, err := db.One[string](d.A, d.Tenant, `select encode(sealed_answer, 'escape') from idempotency_keys where key = $1`, in.Key)
		require.NoError(t, err)
		require.False(t, strings.Contains(kept, "quietly"))
	})

	t.Run("another_request_under_the_key_is_refused_and_another_callers_is_theirs", func(t *testing.T) {
		d, s := setup(t)
		in := request()
		_, _, err := do(d, s, d.A, in, "mine")
		require.NoError(t, err)
		other := in
		other.Hash = []byte("hash of another one")
		_, _, err = do(d, s, d.A, other, "mine")
		require.ErrorIs(t, err, ErrMismatch)

		scope := tenancy.From(d.A)
		scope.UserID, scope.KeyID = db.NewID(), db.NewID()
		elsewhere := in
		elsewhere.Path = "/api/teams"
		for _, one := range []struct {
			ctx context.Context
			in  Request
		}{{d.B, in}, {tenancy.With(d.A, scope), in}, {d.A, elsewhere}} {
			_, replayed, err := do(d, s, one.ctx, one.in, "theirs")
			require.NoError(t, err)
			require.False(t, replayed)
		}
		require.Equal(t, 1, effects(t, d, d.B, "theirs"))
		require.Zero(t, effects(t, d, d.B, "mine"))
		require.Equal(t, 2, effects(t, d, d.A, "theirs"))
	})

	t.Run("what_had_no_effect_leaves_the_key_free", func(t *testing.T) {
		d, s := setup(t)
		in := request()
		claimed := s.Claim(d.A, in)
		refused := domain.InvalidField("name", "required", "is required")
		err := d.Tenant.Tx(claimed, func(tx *db.Tx) error { return errors.Join(insert(claimed, tx, "refused"), refused) })
		require.ErrorIs(t, err, refused)
		// A use case that tries again in another transaction takes the key with that one.
		require.NoError(t, d.Tenant.Tx(claimed, func(tx *db.Tx) error { return insert(claimed, tx, "refused") }))
		require.NoError(t, d.Tenant.Tx(claimed, func(tx *db.Tx) error { return insert(claimed, tx, "and more") }), "once")
		_, err = s.Find(d.A, in)
		require.ErrorIs(t, err, ErrRunning)
		require.Equal(t, 1, effects(t, d, d.A, "refused"))
	})

	t.Run("who_died_before_the_answer_has_done_it_once", func(t *testing.T) {
		d, s := setup(t)
		in := request()
		claimed := s.Claim(d.A, in)
		require.NoError(t, d.Tenant.Tx(claimed, func(tx *db.Tx) error { return insert(claimed, tx, "died") }))
		_, _, err := do(d, s, d.A, in, "died")
		require.ErrorIs(t, err, ErrRunning)
		age(t, d, in, time.Hour)
		_, _, err = do(d, s, d.A, in, "died")
		require.Equal(t, ErrLost, err)
		require.Equal(t, 1, effects(t, d, d.A, "died"))
	})

	t.Run("a_day_later_the_key_is_new", func(t *testing.T) {
		d, s := setup(t)
		in := request()
		for range 2 {
			_, replayed, err := do(d, s, d.A, in, "daily")
			require.NoError(t, err)
			require.False(t, replayed)
			age(t, d, in, 25*time.Hour)
		}
		require.Equal(t, 2, effects(t, d, d.A, "daily"))
		require.NoError(t, sweep(t.Context(), d.Platform))
		n, err := db.One[int](d.A, d.Tenant, `select count(*) from idempotency_keys`)
		require.NoError(t, err)
		require.Zero(t, n)
	})

	t.Run("platform_transactions_take_the_key_too", func(t *testing.T) {
		d, s := setup(t)
		in := request()
		for i, want := range []error{nil, ErrRunning} {
			claimed := s.Claim(d.A, in)
			err := d.Platform.Tx(claimed, func(*db.PlatformTx) error { return nil })
			require.Equal(t, want == nil, err == nil, i)
			if want != nil {
				require.ErrorIs(t, err, want)
			}
		}
		require.NoError(t, s.Keep(d.A, in, Answer{Status: 201}))
		answer, err := s.Find(d.A, in)
		require.NoError(t, err)
		require.Equal(t, 201, answer.Status)
		require.ErrorIs(t, s.Keep(d.A, request(), Answer{}), domain.ErrNotFound, "nothing was done under it")
	})
}

// The sweep ends with its context. Not parallel: other tests' goroutines are none of it.
func TestRun(t *testing.T) { //nolint:paralleltest // see above
	d := dbtest.New(t)
	s, err := NewStore(d.Tenant, d.Platform, make([]byte, 32), zaptest.NewLogger(t))
	require.NoError(t, err)
	before := goleak.IgnoreCurrent()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	cancel()
	require.NoError(t, <-ended)
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("testing.tRunner"), goleak.IgnoreAnyFunction("testing.(*T).Run"))
}

func age(t *testing.T, d dbtest.DB, in Request, by time.Duration) {
	t.Helper()
	n, err := db.Exec(t.Context(), d.Platform, `update idempotency_keys set created_at = now() - $2 * interval '1 second' where key = $1`, in.Key, by.Seconds())
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}
