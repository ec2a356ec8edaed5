package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
)

const (
	poolSize  = 8
	workers   = 64
	checkouts = 20_000
)

// I6, SE-03, SECURITY §1.2 C1–C7: 64 goroutines do everything wrong that can be done with a connection; a
// connection that is handed out carries the tenant it was asked for nevertheless, every time, and comes back.
//
// Not parallel: it counts the process's goroutines and ends server processes.
func TestPoolPoisoning(t *testing.T) { //nolint:paralleltest // see above
	d := dbtest.Own(t)
	tenants := []context.Context{d.A, d.B, d.NewTenant(t, "c"), d.NewTenant(t, "d"), d.NewTenant(t, "e")}
	admin, err := pgxpool.New(t.Context(), d.URLs.Admin)
	require.NoError(t, err)
	defer admin.Close()
	before := goleak.IgnoreCurrent()
	pool, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: d.URLs.App, MaxConns: poolSize})
	require.NoError(t, err)
	p := &poisoners{tenants: tenants, pool: pool, admin: admin}

	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var left atomic.Int64
	left.Store(checkouts)
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for left.Add(-1) >= 0 {
				if err := p.once(r); err != nil {
					t.Error(err)
					left.Store(0)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d looks, %d strays of which %d were met again by their own tenant, %d panics, %d cut short, %d left in a transaction, %d killed, %d told to come back",
		p.looks.Load(), p.strays.Load(), pool.Mismatches(), p.panics.Load(), p.cut.Load(), p.left.Load(), p.kills.Load(), p.away.Load())
	require.Zero(t, p.wrong.Load(), "wrong tenants")
	for what, n := range map[string]int64{
		"looks": p.looks.Load(), "strays": p.strays.Load(), "caught": pool.Mismatches(), "panics": p.panics.Load(), "cut": p.cut.Load(),
		"left in a transaction": p.left.Load(), "killed": p.kills.Load(),
	} {
		require.Positive(t, n, what)
	}
	require.LessOrEqual(t, pool.Mismatches(), p.strays.Load())

	// One whose request was cut short is given back by the watcher of its context, a moment later.
	dbtest.Eventually(t, "no connection is still out", func() bool { return pool.Stat().AcquiredConns() == 0 })
	require.LessOrEqual(t, pool.Stat().TotalConns(), int32(poolSize))
	require.NoError(t, pool.Close())
	dbtest.Eventually(t, "the server's side of all connections is gone", func() bool {
		var n int
		require.NoError(t, admin.QueryRow(t.Context(), `
			select count(*) from pg_stat_activity where datname = current_database() and usename = 'baraza_app'`).Scan(&n))
		return n == 0
	})
	goleak.VerifyNone(t, before)
}

// poisoners share a pool and count what they did to it.
type poisoners struct {
	tenants []context.Context
	pool    *db.Tenant
	admin   *pgxpool.Pool

	looks, wrong, strays, panics, cut, left, kills, away atomic.Int64
}

var errUndo = errors.New("undo")

// once takes one connection and does something with it.
func (p *poisoners) once(r *rand.Rand) error {
	ctx := p.tenants[r.IntN(len(p.tenants))]
	// What costs the connection is rarer: a new one takes the time of fifty statements.
	switch n := r.IntN(1000); {
	case n < 3:
		return p.kill()
	case n < 20:
		return p.hurry(ctx, time.Duration(r.IntN(3000))*time.Microsecond)
	case n < 30:
		return p.leave(ctx, r.IntN(2))
	case n < 60:
		return p.stray(ctx, r)
	case n < 90:
		return p.undone(ctx, r)
	case n < 140:
		return p.panic(ctx)
	case n < 200:
		return p.fail(ctx, r.IntN(2))
	}
	return p.look(ctx, r.IntN(4))
}

type looked struct {
	Tenant string `db:"tenant"`
	Rows   string `db:"rows"`
	Count  int    `db:"n"`
}

// lookSQL says what the connection carries and whose rows it reaches: each tenant has one team.
const lookSQL = `select coalesce(current_setting('app.tenant_id', true), '') as tenant, coalesce(min(tenant_id::text), '') as rows, count(*)::int as n from teams`

// look reads by one of the four ways there are.
func (p *poisoners) look(ctx context.Context, way int) error {
	var got looked
	var err error
	switch way {
	case 0:
		got, err = db.One[looked](ctx, p.pool, lookSQL)
	case 1:
		var list []looked
		if list, err = db.All[looked](ctx, p.pool, lookSQL); err == nil {
			got = list[0]
		}
	case 2:
		err = p.pool.Direct(ctx, func(c *pgx.Conn) error {
			return c.QueryRow(ctx, lookSQL).Scan(&got.Tenant, &got.Rows, &got.Count)
		})
	default:
		err = p.pool.Tx(ctx, func(tx *db.Tx) (err error) {
			if got, err = db.One[looked](ctx, tx, lookSQL); err != nil {
				return err
			}
			return db.Bulk(ctx, tx, func(raw pgx.Tx) error { return raw.QueryRow(ctx, lookSQL).Scan(&got.Tenant, &got.Rows, &got.Count) })
		})
	}
	if err != nil {
		return p.expect(err)
	}
	p.looks.Add(1)
	if want := tenantOf(ctx).String(); got != (looked{want, want, 1}) {
		p.wrong.Add(1)
		return fmt.Errorf("%s got %+v by way %d", want, got, way)
	}
	return nil
}

// stray leaves another setting on the connection, as a bug or an injection would.
func (p *poisoners) stray(ctx context.Context, r *rand.Rand) error {
	other := tenantOf(p.tenants[r.IntN(len(p.tenants))])
	if other == tenantOf(ctx) {
		other = uuid.New()
	}
	sql := []string{
		`select set_config('app.tenant_id', '` + other.String() + `', false)`, `set app.tenant_id = '` + other.String() + `'`,
		`reset app.tenant_id`, `reset all`, `select set_config('app.tenant_id', '', false)`,
	}[r.IntN(5)]
	var err error
	if r.IntN(2) == 0 {
		_, err = db.Exec(ctx, p.pool, sql)
	} else {
		err = p.pool.Direct(ctx, func(c *pgx.Conn) error { _, err := c.Exec(ctx, sql); return err })
	}
	if err == nil {
		p.strays.Add(1)
	}
	return p.expect(err)
}

// undone sets another tenant in a transaction that is rolled back.
func (p *poisoners) undone(ctx context.Context, r *rand.Rand) error {
	other := tenantOf(p.tenants[r.IntN(len(p.tenants))])
	err := p.pool.Tx(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `select set_config('app.tenant_id', $1, false)`, other.String()); err != nil {
			return err
		}
		return errUndo
	})
	return p.expect(err)
}

func (p *poisoners) panic(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			p.panics.Add(1)
			if r != errUndo {
				err = fmt.Errorf("panic: %v", r)
			}
		}
	}()
	return p.expect(p.pool.Tx(ctx, func(tx *db.Tx) error {
		if err := addTeam(ctx, tx, db.NewID().String()); err != nil {
			return err
		}
		panic(errUndo)
	}))
}

// hurry runs out of time: while waiting, while the tenant is being set, in the statement, or not at all.
func (p *poisoners) hurry(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := p.pool.Tx(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `select pg_sleep(0.001)`)
		return err
	})
	if err != nil {
		p.cut.Add(1)
	}
	return p.expect(err)
}

// leave returns a connection inside a transaction, in which it said more than it should.
func (p *poisoners) leave(ctx context.Context, way int) error {
	const sql = `begin; select set_config('app.tenant_id', gen_random_uuid()::text, false)`
	err := p.pool.Direct(ctx, func(c *pgx.Conn) error {
		_, err := c.PgConn().Exec(ctx, sql).ReadAll()
		return err
	})
	if way == 0 && err == nil {
		_, err = db.Exec(ctx, p.pool, `begin`)
	}
	if err == nil {
		p.left.Add(1)
	}
	return p.expect(err)
}

// fail lets a statement fail, in a transaction and outside.
func (p *poisoners) fail(ctx context.Context, way int) error {
	const sql = `select 1 / count(*) from teams where name = ''`
	var err error
	if way == 0 {
		_, err = db.One[int](ctx, p.pool, sql)
	} else {
		err = p.pool.Tx(ctx, func(tx *db.Tx) error { _, err := db.One[int](ctx, tx, sql); return err })
	}
	if errors.Is(err, domain.ErrInternal) {
		return nil // division by zero
	}
	return p.expect(err)
}

// kill ends one of the pool's server processes.
func (p *poisoners) kill() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	tag, err := p.admin.Exec(ctx, `
		select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and usename = 'baraza_app' order by random() limit 1`)
	p.kills.Add(tag.RowsAffected())
	return err
}

// expect lets pass what a caller may be told here: to come back.
func (p *poisoners) expect(err error) error {
	if errors.Is(err, domain.ErrUnavailable) {
		p.away.Add(1)
		return nil
	}
	if err == nil || errors.Is(err, errUndo) {
		return nil
	}
	return fmt.Errorf("unexpected: %w", err)
}

// I6, C3: while every acquire verifies, every stray setting is caught, by count.
func TestStraysAreCaught(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	pool := openHandle(t, d, db.TenantConfig{MaxConns: poolSize})
	p := &poisoners{tenants: []context.Context{d.A}, pool: pool}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for range 30 {
				do := func() error { return p.look(d.A, r.IntN(4)) }
				if r.IntN(10) == 0 {
					do = func() error { return p.stray(d.A, r) }
				}
				if err := do(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	// Each connection is taken once more, all at the same time: none keeps a stray to itself.
	var taken, look sync.WaitGroup
	taken.Add(poolSize)
	for range poolSize {
		look.Go(func() {
			err := pool.Direct(d.A, func(*pgx.Conn) error { taken.Done(); taken.Wait(); return nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	look.Wait()
	require.Zero(t, p.wrong.Load())
	require.Zero(t, p.away.Load())
	require.Positive(t, p.strays.Load())
	require.Equal(t, p.strays.Load(), pool.Mismatches(), "planted and caught")
}
