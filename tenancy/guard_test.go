package tenancy_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/tenancy"
)

// guarded is a pool of one connection behind a guard, so that every acquire gets what
// the last one left.
func guarded(t *testing.T, guard *tenancy.Guard) (dbtest.DB, *pgxpool.Pool) {
	t.Helper()
	d := dbtest.New(t)
	config, err := pgxpool.ParseConfig(d.URLs.App)
	require.NoError(t, err)
	config.MaxConns = 1
	config.PrepareConn = guard.PrepareConn
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return d, pool
}

// seen is what a connection acquired with ctx carries, which rows it reaches, and who serves it.
type seen struct {
	tenant string
	rows   []uuid.UUID
	pid    uint32
}

func look(t *testing.T, ctx context.Context, pool *pgxpool.Pool) seen { //nolint:revive // the test comes first
	t.Helper()
	var s seen
	require.NoError(t, pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		s.pid = c.Conn().PgConn().PID()
		return c.QueryRow(ctx, `
			select current_setting('app.tenant_id', true), coalesce((select array_agg(distinct tenant_id) from teams), '{}')`).
			Scan(&s.tenant, &s.rows)
	}))
	return s
}

func requireOnly(t *testing.T, ctx context.Context, pool *pgxpool.Pool) seen { //nolint:revive // the test comes first
	t.Helper()
	s := look(t, ctx, pool)
	tenant := tenancy.From(ctx).TenantID
	require.Equal(t, tenant.String(), s.tenant)
	require.Equal(t, []uuid.UUID{tenant}, s.rows)
	return s
}

func unreached(t *testing.T) func(*pgxpool.Conn) error {
	return func(*pgxpool.Conn) error { t.Error("a connection was handed out"); return nil }
}

// SE-03, SECURITY §1.2.
func TestGuard(t *testing.T) {
	t.Parallel()

	t.Run("a_connection_carries_the_tenant_it_was_acquired_with", func(t *testing.T) {
		t.Parallel()
		guard := &tenancy.Guard{VerifyEvery: 1}
		d, pool := guarded(t, guard)
		first := requireOnly(t, d.A, pool)
		for _, ctx := range []context.Context{d.A, d.B, d.B, d.A, d.B} {
			require.Equal(t, first.pid, requireOnly(t, ctx, pool).pid, "the same connection")
		}
		require.Zero(t, guard.Mismatches())
	})

	// C1.
	t.Run("without_a_scope_there_is_no_connection", func(t *testing.T) {
		t.Parallel()
		d, pool := guarded(t, &tenancy.Guard{VerifyEvery: 1})
		before := requireOnly(t, d.A, pool)
		for _, ctx := range []context.Context{
			t.Context(), tenancy.With(d.A, tenancy.Scope{}), tenancy.With(d.A, tenancy.Scope{UserID: uuid.New()}),
		} {
			require.ErrorIs(t, pool.AcquireFunc(ctx, unreached(t)), tenancy.ErrNoScope)
		}
		require.ErrorIs(t, pool.Ping(t.Context()), tenancy.ErrNoScope)
		require.Equal(t, before, requireOnly(t, d.A, pool), "the connection is none the worse for it")
	})

	// C2, C3.
	t.Run("a_stray_setting_is_caught_before_anybody_is_served", func(t *testing.T) {
		t.Parallel()
		guard := &tenancy.Guard{VerifyEvery: 1}
		d, pool := guarded(t, guard)
		other := tenancy.From(d.B).TenantID.String()
		strays := []string{
			`select set_config('app.tenant_id', '` + other + `', false)`,
			`set app.tenant_id = '` + other + `'`,
			`select set_config('app.tenant_id', '', false)`,
			`select set_config('app.tenant_id', 'nonsense', false)`,
			`reset app.tenant_id`,
			`reset all`,
		}
		for i, stray := range strays {
			bad := requireOnly(t, d.A, pool)
			require.NoError(t, pool.AcquireFunc(d.A, func(c *pgxpool.Conn) error {
				_, err := c.Exec(d.A, stray)
				return err
			}))
			require.NotEqual(t, bad.pid, requireOnly(t, d.A, pool).pid, "destroyed: %s", stray)
			require.EqualValues(t, i+1, guard.Mismatches())
		}
	})

	t.Run("a_stray_setting_is_overwritten_for_another_tenant", func(t *testing.T) {
		t.Parallel()
		guard := &tenancy.Guard{VerifyEvery: 1000}
		d, pool := guarded(t, guard)
		require.NoError(t, pool.AcquireFunc(d.A, func(c *pgxpool.Conn) error {
			_, err := c.Exec(d.A, `select set_config('app.tenant_id', gen_random_uuid()::text, false)`)
			return err
		}))
		requireOnly(t, d.B, pool)
	})

	t.Run("verification_in_production_is_a_sample", func(t *testing.T) {
		t.Parallel()
		guard := &tenancy.Guard{VerifyEvery: 2}
		d, pool := guarded(t, guard)
		require.NoError(t, pool.AcquireFunc(d.A, func(c *pgxpool.Conn) error {
			_, err := c.Exec(d.A, `reset app.tenant_id`)
			return err
		}))
		believed := 0
		for guard.Mismatches() == 0 {
			require.Less(t, believed, 1000, "half of the acquires verify")
			if look(t, d.A, pool).tenant == "" {
				believed++
			}
		}
		requireOnly(t, d.A, pool)
	})

	// C4.
	t.Run("set_half_way_is_not_believed", func(t *testing.T) {
		t.Parallel()
		d, pool := guarded(t, &tenancy.Guard{VerifyEvery: 1000})
		requireOnly(t, d.A, pool)
		cancelled, cancel := context.WithCancel(d.B)
		cancel()
		var ok, noted bool
		var failure error
		require.NoError(t, pool.AcquireFunc(d.A, func(c *pgxpool.Conn) error {
			ok, failure = (&tenancy.Guard{VerifyEvery: 1000}).PrepareConn(cancelled, c.Conn())
			_, noted = c.Conn().PgConn().CustomData()["baraza.tenant"]
			return nil
		}))
		require.ErrorIs(t, failure, context.Canceled)
		require.False(t, ok, "such a connection is to be destroyed")
		require.False(t, noted, "were it kept nevertheless, the next acquire sets the tenant again")
		requireOnly(t, d.A, pool)
		requireOnly(t, d.B, pool)
	})

	t.Run("a_dead_server_process_gives_an_error_and_then_another_one", func(t *testing.T) {
		t.Parallel()
		for _, other := range []bool{false, true} {
			guard := &tenancy.Guard{VerifyEvery: 1}
			d, pool := guarded(t, guard)
			next := d.A
			if other {
				next = d.B
			}
			dead := requireOnly(t, d.A, pool)
			admin, err := pgx.Connect(t.Context(), d.URLs.Admin)
			require.NoError(t, err)
			_, err = admin.Exec(t.Context(), `select pg_terminate_backend($1, 5000)`, dead.pid)
			require.NoError(t, err)
			require.NoError(t, admin.Close(t.Context()))
			require.Error(t, pool.AcquireFunc(next, unreached(t)))
			require.NotEqual(t, dead.pid, requireOnly(t, next, pool).pid)
			require.Zero(t, guard.Mismatches(), "dead is not mistaken for wrong")
		}
	})

	// C5.
	t.Run("a_setting_of_a_rolled_back_transaction_is_undone", func(t *testing.T) {
		t.Parallel()
		guard := &tenancy.Guard{VerifyEvery: 1}
		d, pool := guarded(t, guard)
		undo := errors.New("undo")
		err := pool.AcquireFunc(d.A, func(c *pgxpool.Conn) error {
			return pgx.BeginFunc(d.A, c, func(tx pgx.Tx) error {
				if _, err := tx.Exec(d.A, `select set_config('app.tenant_id', gen_random_uuid()::text, false)`); err != nil {
					return err
				}
				return undo
			})
		})
		require.ErrorIs(t, err, undo)
		requireOnly(t, d.A, pool)
		require.Zero(t, guard.Mismatches())
	})

	// C6.
	t.Run("returned_inside_a_transaction_it_is_destroyed", func(t *testing.T) {
		t.Parallel()
		guard := &tenancy.Guard{VerifyEvery: 1}
		d, pool := guarded(t, guard)
		before := requireOnly(t, d.A, pool)
		require.NoError(t, pool.AcquireFunc(d.A, func(c *pgxpool.Conn) error {
			_, err := c.Exec(d.A, `begin; select set_config('app.tenant_id', gen_random_uuid()::text, true)`)
			return err
		}))
		require.NotEqual(t, before.pid, requireOnly(t, d.A, pool).pid)
		require.Zero(t, guard.Mismatches())
	})

	// C13: the setting is read at each execution, by a generic plan too.
	t.Run("a_generic_plan_serves_each_its_own", func(t *testing.T) {
		t.Parallel()
		d, pool := guarded(t, &tenancy.Guard{VerifyEvery: 1})
		count := func(ctx context.Context) (rows []uuid.UUID, generic int) {
			require.NoError(t, pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
				if _, err := c.Exec(ctx, `set plan_cache_mode = force_generic_plan`); err != nil {
					return err
				}
				if _, err := c.Conn().Prepare(ctx, "generic", `select tenant_id from teams where name <> $1`); err != nil {
					return err
				}
				r, err := c.Query(ctx, "generic", "")
				if err != nil {
					return err
				}
				if rows, err = pgx.CollectRows(r, pgx.RowTo[uuid.UUID]); err != nil {
					return err
				}
				return c.QueryRow(ctx, `select generic_plans from pg_prepared_statements where name = 'generic'`).Scan(&generic)
			}))
			return rows, generic
		}
		for i, ctx := range []context.Context{d.A, d.B, d.A} {
			rows, generic := count(ctx)
			require.Equal(t, []uuid.UUID{tenancy.From(ctx).TenantID}, rows)
			require.Equal(t, i+1, generic, "one statement, one plan")
		}
	})

	t.Run("an_expired_deadline_is_no_way_in", func(t *testing.T) {
		t.Parallel()
		d, pool := guarded(t, &tenancy.Guard{VerifyEvery: 1})
		requireOnly(t, d.A, pool)
		late, cancel := context.WithDeadline(d.B, time.Now().Add(-time.Second))
		defer cancel()
		require.ErrorIs(t, pool.AcquireFunc(late, unreached(t)), context.DeadlineExceeded)
		requireOnly(t, d.A, pool)
	})
}
