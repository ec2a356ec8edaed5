package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// openHandle is a tenant handle of the test's own on the package's database.
func openHandle(t *testing.T, d dbtest.DB, config db.TenantConfig) *db.Tenant {
	t.Helper()
	config.URL = d.URLs.App
	handle, err := db.OpenTenant(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, handle.Close()) })
	return handle
}

func tenantOf(ctx context.Context) uuid.UUID { return tenancy.From(ctx).TenantID }

func addTeam(ctx context.Context, tx *db.Tx, name string) error {
	_, err := db.Exec(ctx, tx, `insert into teams (id, name) values ($1, $2)`, db.NewID(), name)
	return err
}

func teams(t *testing.T, ctx context.Context, q db.Queryer) []string { //nolint:revive // the test comes first
	t.Helper()
	names, err := db.All[string](ctx, q, `select name from teams where not everyone order by name`)
	require.NoError(t, err)
	return names
}

// C1, TN-02, SE-03: without a scope there is an error and no row, whatever is called.
func TestTenantWithoutAScope(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	require.Empty(t, teams(t, d.A, d.Tenant), "the pool has connections that carry a tenant")
	for _, ctx := range []context.Context{t.Context(), tenancy.With(t.Context(), tenancy.Scope{UserID: uuid.New()})} {
		called := false
		_, err := db.One[int](ctx, d.Tenant, `select count(*) from teams`)
		require.ErrorIs(t, err, tenancy.ErrNoScope)
		rows, err := db.All[string](ctx, d.Tenant, `select name from teams`)
		require.ErrorIs(t, err, tenancy.ErrNoScope)
		require.Empty(t, rows)
		_, err = db.Exec(ctx, d.Tenant, `delete from teams`)
		require.ErrorIs(t, err, tenancy.ErrNoScope)
		require.ErrorIs(t, d.Tenant.Direct(ctx, func(*pgx.Conn) error { called = true; return nil }), tenancy.ErrNoScope)
		require.ErrorIs(t, d.Tenant.Tx(ctx, func(*db.Tx) error { called = true; return nil }), tenancy.ErrNoScope)
		require.False(t, called)
	}
}

// C8: Postgres would not notice a transaction used with another tenant's context; the rail does.
func TestTxOfAnotherTenant(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	reached := false
	err := d.Tenant.Tx(d.A, func(tx *db.Tx) error {
		require.Equal(t, tenantOf(d.A), tx.Tenant())
		for _, ctx := range []context.Context{d.B, t.Context()} {
			_, err := db.One[int](ctx, tx, `select 1`)
			require.ErrorContains(t, err, "used with the context of")
			_, err = db.All[int](ctx, tx, `select 1`)
			require.Error(t, err)
			require.Error(t, addTeam(ctx, tx, "foreign"))
			require.Error(t, db.Bulk(ctx, tx, func(pgx.Tx) error { reached = true; return nil }))
			require.Error(t, db.AppendChange(ctx, tx, db.Change{Name: "team.created", Entity: "team", EntityID: db.NewID()}))
			require.Error(t, db.Enqueue(ctx, tx, greet{TeamID: db.NewID()}))
		}
		return addTeam(d.A, tx, "own")
	})
	require.NoError(t, err, "nothing of it reached the transaction")
	require.False(t, reached)
	require.Equal(t, []string{"own"}, teams(t, d.A, d.Tenant))
	require.Empty(t, teams(t, d.B, d.Tenant))
	require.Empty(t, dbtest.Jobs[greet](t, d, d.A))
	require.Empty(t, dbtest.Jobs[greet](t, d, d.B))
}

// committed collects what OnCommit is told.
type committed struct {
	mu      sync.Mutex
	tenants []uuid.UUID
	changes []db.Change
	during  func()
}

func (c *committed) on(_ context.Context, tenant uuid.UUID, changes []db.Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tenants = append(c.tenants, tenant)
	c.changes = append(c.changes, changes...)
	if c.during != nil {
		c.during()
	}
}

func teamAdded(id uuid.UUID) db.Change {
	return db.Change{Name: "team.created", Entity: "team", EntityID: id, Live: "frame"}
}

// ARCHITECTURE §1, G9, G11: rows, change and job commit together or not at all, and are announced afterwards.
func TestTx(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *db.Tenant, *committed) {
		t.Parallel()
		d := dbtest.New(t)
		told := &committed{}
		return d, openHandle(t, d, db.TenantConfig{MaxConns: 2, OnCommit: told.on}), told
	}
	undo := errors.New("undo")
	// add does all a use case does in its transaction.
	add := func(ctx context.Context, tx *db.Tx, name string) error {
		if err := addTeam(ctx, tx, name); err != nil {
			return err
		}
		err := db.Bulk(ctx, tx, func(raw pgx.Tx) error {
			_, err := raw.Exec(ctx, `insert into teams (id, name) select gen_random_uuid(), unnest($1::text[])`, []string{name + " two", name + " three"})
			return err
		})
		if err != nil {
			return err
		}
		if err := db.AppendChange(ctx, tx, teamAdded(db.NewID()), teamAdded(db.NewID())); err != nil {
			return err
		}
		return db.Enqueue(ctx, tx, greet{TeamID: db.NewID()})
	}
	nothing := func(t *testing.T, d dbtest.DB, handle *db.Tenant, told *committed) {
		t.Helper()
		require.Empty(t, teams(t, d.A, handle))
		require.Empty(t, dbtest.Jobs[greet](t, d, d.A))
		n, err := db.One[int](d.A, handle, `select count(*) from changes`)
		require.NoError(t, err)
		require.Zero(t, n)
		require.Empty(t, told.changes, "nobody is told what did not happen")
		dbtest.Eventually(t, "the connection to come back", func() bool { return handle.Stat().AcquiredConns() == 0 })
	}

	t.Run("commits_rows_changes_and_jobs_and_then_tells", func(t *testing.T) {
		d, handle, told := setup(t)
		told.during = func() { require.Len(t, teams(t, d.A, d.Tenant), 3, "committed before anybody is told") }
		require.NoError(t, handle.Tx(d.A, func(tx *db.Tx) error { return add(d.A, tx, "one") }))
		require.Equal(t, []uuid.UUID{tenantOf(d.A)}, told.tenants, "once per transaction")
		require.Len(t, told.changes, 2)
		stored, err := db.All[uuid.UUID](d.A, handle, `select id from changes order by id`)
		require.NoError(t, err)
		for i, c := range told.changes {
			require.Equal(t, stored[i], c.ID)
			require.Equal(t, "frame", c.Live)
			require.WithinDuration(t, time.Now(), c.At, time.Minute)
		}
		require.Len(t, dbtest.Jobs[greet](t, d, d.A), 1)
		require.Empty(t, teams(t, d.B, handle))
		n, err := db.One[int](d.B, handle, `select count(*) from changes`)
		require.NoError(t, err)
		require.Zero(t, n)
	})

	t.Run("an_error_takes_all_of_it_back", func(t *testing.T) {
		d, handle, told := setup(t)
		err := handle.Tx(d.A, func(tx *db.Tx) error {
			require.NoError(t, add(d.A, tx, "one"))
			return undo
		})
		require.Equal(t, undo, err, "the caller's own error comes back as it is")
		nothing(t, d, handle, told)
	})

	t.Run("a_panic_takes_all_of_it_back_and_frees_the_connection", func(t *testing.T) {
		d, handle, told := setup(t)
		require.PanicsWithValue(t, "boom", func() {
			_ = handle.Tx(d.A, func(tx *db.Tx) error { // it does not return
				require.NoError(t, add(d.A, tx, "one"))
				panic("boom")
			})
		})
		nothing(t, d, handle, told)
	})

	t.Run("a_cancel_takes_all_of_it_back", func(t *testing.T) {
		d, handle, told := setup(t)
		ctx, cancel := context.WithCancel(d.A)
		err := handle.Tx(ctx, func(tx *db.Tx) error {
			require.NoError(t, add(ctx, tx, "one"))
			cancel()
			return nil
		})
		require.ErrorIs(t, err, domain.ErrUnavailable)
		require.ErrorIs(t, err, context.Canceled)
		nothing(t, d, handle, told)
	})

	t.Run("an_error_of_postgres_that_was_overlooked_is_not_a_commit", func(t *testing.T) {
		d, handle, told := setup(t)
		err := handle.Tx(d.A, func(tx *db.Tx) error {
			require.NoError(t, add(d.A, tx, "one"))
			require.ErrorIs(t, addTeam(d.A, tx, "one"), domain.ErrExists)
			return nil
		})
		require.Error(t, err)
		nothing(t, d, handle, told)
	})

	t.Run("rolled_back_from_inside_is_not_a_commit", func(t *testing.T) {
		d, handle, told := setup(t)
		err := handle.Tx(d.A, func(tx *db.Tx) error {
			require.NoError(t, add(d.A, tx, "one"))
			return db.Bulk(d.A, tx, func(raw pgx.Tx) error { return raw.Rollback(d.A) })
		})
		require.Error(t, err)
		nothing(t, d, handle, told)
	})

	t.Run("a_killed_server_process_is_not_a_commit", func(t *testing.T) {
		d, handle, told := setup(t)
		admin := connect(t, d.URLs.Admin)
		err := handle.Tx(d.A, func(tx *db.Tx) error {
			require.NoError(t, add(d.A, tx, "one"))
			return db.Bulk(d.A, tx, func(raw pgx.Tx) error {
				mustExec(t, admin, `select pg_terminate_backend($1, 5000)`, raw.Conn().PgConn().PID())
				return nil
			})
		})
		require.ErrorIs(t, err, domain.ErrUnavailable)
		nothing(t, d, handle, told)
	})

	t.Run("tells_nothing_when_nothing_changed", func(t *testing.T) {
		d, handle, told := setup(t)
		require.NoError(t, handle.Tx(d.A, func(tx *db.Tx) error {
			require.NoError(t, db.AppendChange(d.A, tx))
			require.NoError(t, db.Enqueue(d.A, tx))
			return addTeam(d.A, tx, "quiet")
		}))
		require.Empty(t, told.tenants)
	})
}

// SECURITY §7: a pool that is full is told to those who can come back, and waited for by those who cannot.
func TestPatience(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	handle := openHandle(t, d, db.TenantConfig{MaxConns: 1})
	held, free := make(chan struct{}), make(chan struct{})
	var holder sync.WaitGroup
	holder.Go(func() {
		err := handle.Direct(d.A, func(*pgx.Conn) error { close(held); <-free; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-held

	request, cancel := context.WithTimeout(d.A, time.Minute)
	defer cancel()
	short, cancelShort := context.WithTimeout(d.A, time.Millisecond)
	defer cancelShort()
	for name, ask := range map[string]func(context.Context) error{
		"rows":   func(ctx context.Context) error { _, err := db.One[int](ctx, handle, `select 1`); return err },
		"direct": func(ctx context.Context) error { return handle.Direct(ctx, func(*pgx.Conn) error { return nil }) },
		"tx":     func(ctx context.Context) error { return handle.Tx(ctx, func(*db.Tx) error { return nil }) },
	} {
		for _, ctx := range []context.Context{request, short} {
			started := time.Now()
			err := ask(ctx)
			require.ErrorIs(t, err, domain.ErrUnavailable, name)
			require.Positive(t, domain.As(err).RetryAfter)
			require.ErrorContains(t, err, "no connection")
			require.Less(t, time.Since(started), 10*time.Second, "not as long as background work")
		}
		require.NoError(t, request.Err(), "the request has time left to say so")
	}

	var waited sync.WaitGroup
	waiting := handle.Stat().EmptyAcquireCount()
	waited.Go(func() {
		if _, err := db.One[int](d.A, handle, `select 1`); err != nil {
			t.Error(err)
		}
	})
	// Longer than a request would: freed only once a later request has given up.
	require.ErrorIs(t, handle.Direct(request, func(*pgx.Conn) error { return nil }), domain.ErrUnavailable)
	close(free)
	waited.Wait()
	holder.Wait()
	require.Greater(t, handle.Stat().EmptyAcquireCount(), waiting)
}

func TestOpenTenant(t *testing.T) {
	t.Parallel()
	_, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: "postgres://a:open-sesame@db:port/x"})
	require.ErrorContains(t, err, "cannot be read")
	require.NotContains(t, err.Error(), "sesame")
	_, err = db.OpenPlatform(t.Context(), "host=db password=open-sesame port=port", 1, nil)
	require.ErrorContains(t, err, "cannot be read")
	require.NotContains(t, err.Error(), "sesame")

	away, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: "postgres://baraza_app:open-sesame@127.0.0.1:1/x", MaxConns: 1})
	require.NoError(t, err, "it connects at the first use")
	ctx := tenancy.With(t.Context(), tenancy.System(uuid.New()))
	_, err = db.One[int](ctx, away, `select 1`)
	require.ErrorIs(t, err, domain.ErrUnavailable)
	require.NotContains(t, err.Error(), "sesame")
	require.NoError(t, away.Close())
	_, err = db.One[int](ctx, away, `select 1`)
	require.ErrorIs(t, err, domain.ErrUnavailable, "closed")

	d := dbtest.New(t)
	handle := openHandle(t, d, db.TenantConfig{})
	require.GreaterOrEqual(t, handle.Stat().MaxConns(), int32(6))
	require.Zero(t, handle.Mismatches())
	zone, err := db.One[string](d.A, handle, `select current_setting('timezone') || ' ' || current_setting('application_name')`)
	require.NoError(t, err)
	require.Equal(t, "UTC baraza", zone)
}

// SE-23: errors that came all the way from Postgres.
func TestErrorsOfPostgres(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	secret := "Wanjiru 4521"
	in := func(sql string, args ...any) error {
		return d.Tenant.Tx(d.A, func(tx *db.Tx) error { _, err := db.Exec(d.A, tx, sql, args...); return err })
	}
	require.NoError(t, in(`insert into teams (id, name) values ($1, $2)`, db.NewID(), secret))
	require.NoError(t, addChannel(d.A, d.Tenant, "254700000001-"+tenantOf(d.A).String()))
	for _, c := range []struct {
		name string
		err  error
		want *domain.Error
	}{
		{"unique", in(`insert into teams (id, name) values ($1, $2)`, db.NewID(), secret), domain.ErrExists},
		{"foreign key", in(`insert into channels (id, kind, name, status, identity_scope, sealed_credentials, token_last4, team_id)
			values ($1, 'whatsapp', $2, 'connected', '', '', '', $3)`, db.NewID(), secret, db.NewID()), domain.ErrNotFound},
		{"a number taken here", addChannel(d.A, d.Tenant, "254700000001-"+tenantOf(d.A).String()), db.ErrTaken},
		{"a number taken elsewhere", addChannel(d.B, d.Tenant, "254700000001-"+tenantOf(d.A).String()), db.ErrTaken},
		{"cast", in(`select $1::text::uuid`, secret), domain.ErrInternal},
		{"check", in(`update memberships set status = $1`, secret), domain.ErrInternal},
		{"the wall", in(`insert into teams (tenant_id, id, name) values ($1, $2, $3)`, tenantOf(d.B), db.NewID(), secret), domain.ErrInternal},
		{"timeout", d.Tenant.Tx(d.A, func(tx *db.Tx) error {
			if _, err := db.Exec(d.A, tx, `set local statement_timeout = '1ms'`); err != nil {
				return err
			}
			_, err := db.Exec(d.A, tx, `select pg_sleep(10)`)
			return err
		}), domain.ErrUnavailable},
	} {
		require.ErrorIs(t, c.err, c.want, c.name)
		require.Equal(t, c.name == "timeout", errors.Is(c.err, db.ErrTooSlow), c.name)
		require.NotContains(t, c.err.Error(), secret, c.name)
		require.NotContains(t, c.err.Error(), "2547", c.name)
		require.False(t, strings.Contains(domain.As(c.err).Detail, "SQLSTATE"), c.name)
	}
	taken, elsewhere := addChannel(d.A, d.Tenant, "254700000001-"+tenantOf(d.A).String()), addChannel(d.B, d.Tenant, "254700000001-"+tenantOf(d.A).String())
	require.Equal(t, domain.As(taken).Detail, domain.As(elsewhere).Detail, "one wording that does not say by whom")
	_, err := db.One[string](d.A, d.Tenant, `select name from teams where id = $1`, db.NewID())
	require.Equal(t, error(domain.ErrNotFound), err)
}

// addChannel connects an address.
func addChannel(ctx context.Context, handle *db.Tenant, address string) error {
	return handle.Tx(ctx, func(tx *db.Tx) error {
		id := db.NewID()
		_, err := db.Exec(ctx, tx, `insert into channels (id, kind, name, status, identity_scope, sealed_credentials, token_last4)
			values ($1, 'whatsapp', 'Support', 'connected', '', '', '')`, id)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `insert into channel_routes (provider, routing_key, channel_id, simulated)
			values ('whatsapp', $1, $2, true)`, address, id)
		return err
	})
}
