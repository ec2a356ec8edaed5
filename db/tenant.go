// Package db is the rail to Postgres: one handle for the rows of a tenant, one for
// what comes before or stands above tenants, and the transaction in which rows,
// their change and their job commit together or not at all.
//
// Always true: a Tenant connection carries the tenant of the context it was
// acquired with (tenancy.Guard); a Tx used with another tenant's context fails;
// tenant SQL cannot be called with a platform handle, or the reverse. Changes are
// announced after the commit, never before and never without one.
package db

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"

	"baraza/tenancy"
)

// How long a connection is waited for; past it the caller gets domain.ErrUnavailable.
// A request, which has a deadline, is better told to come back; background work,
// which has none, better waits.
const (
	requestPatience    = 500 * time.Millisecond
	backgroundPatience = 10 * time.Second
)

func patience(ctx context.Context, request time.Duration) time.Duration {
	if _, ok := ctx.Deadline(); ok {
		return request
	}
	return backgroundPatience
}

// Tenant reaches the rows of the context's tenant (role baraza_app).
type Tenant struct {
	pool     *pgxpool.Pool
	sql      *sqlx.DB
	guard    *tenancy.Guard
	jobs     *river.Client[pgx.Tx]
	onCommit func(context.Context, uuid.UUID, []Change)
	patience time.Duration
}

// TenantConfig says how to reach the tenants' rows.
type TenantConfig struct {
	URL string
	// MaxConns of the pool. Defaults to 2 × cores + 4.
	MaxConns int32
	// VerifyEvery is tenancy.Guard's. Defaults to 1: always.
	VerifyEvery int
	// OnCommit is told the changes of each committed transaction. Optional.
	OnCommit func(ctx context.Context, tenant uuid.UUID, changes []Change)
	// Tracer sees every statement; tests count with it. Optional.
	Tracer pgx.QueryTracer
	// Patience is how long a request waits for a connection. Defaults to 500 ms.
	Patience time.Duration
}

// OpenTenant opens the pool behind the tenancy hook. It connects at the first use.
func OpenTenant(ctx context.Context, config TenantConfig) (*Tenant, error) {
	pc, err := poolConfig(config.URL, config.MaxConns)
	if err != nil {
		return nil, err
	}
	guard := &tenancy.Guard{VerifyEvery: max(config.VerifyEvery, 1)}
	pc.PrepareConn = guard.PrepareConn
	pc.ConnConfig.Tracer = config.Tracer
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("open tenant pool: %w", err)
	}
	jobs, err := newInserter()
	if err != nil {
		pool.Close()
		return nil, err
	}
	// No limit may ever be set on this sql.DB: database/sql would then hand
	// connections on without the hook.
	return &Tenant{
		pool: pool, sql: sqlx.NewDb(stdlib.OpenDBFromPool(pool), "pgx"), guard: guard, jobs: jobs, onCommit: config.OnCommit,
		patience: cmp.Or(config.Patience, requestPatience),
	}, nil
}

// Close waits for the connections in use and closes the pool.
func (t *Tenant) Close() error {
	err := t.sql.Close()
	t.pool.Close()
	return err
}

// Mismatches is tenancy.Guard's count; any value but 0 is a defect.
func (t *Tenant) Mismatches() int64 { return t.guard.Mismatches() }

// Stat shows the pool's state, for metrics.
func (t *Tenant) Stat() *pgxpool.Stat { return t.pool.Stat() }

// Tx runs fn in a transaction and hands its changes to OnCommit after the commit.
// Inside fn use tx alone: the handle would take a second connection, outside the
// transaction.
func (t *Tenant) Tx(ctx context.Context, fn func(*Tx) error) error {
	conn, err := t.conn(ctx)
	if err != nil {
		return err
	}
	tx := &Tx{transaction: transaction{conn: conn}, handle: t, tenant: tenancy.From(ctx).TenantID}
	first := firstOf(ctx)
	err = tx.run(ctx, func() error {
		if err := first.tenant(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	})
	if err != nil {
		return err
	}
	first.done()
	if t.onCommit != nil && len(tx.changes) > 0 {
		t.onCommit(ctx, tx.tenant, tx.changes)
	}
	return nil
}

// Direct runs fn on a connection of the pool without database/sql in between, for
// the budgeted paths that stream or batch. No transaction is open.
func (t *Tenant) Direct(ctx context.Context, fn func(*pgx.Conn) error) error {
	acquire, cancel := context.WithTimeout(ctx, patience(ctx, t.patience))
	defer cancel()
	conn, err := t.pool.Acquire(acquire)
	if err != nil {
		return translateAcquire(ctx, err)
	}
	defer conn.Release()
	return translate(ctx, fn(conn.Conn()))
}

func (t *Tenant) conn(ctx context.Context) (*sqlx.Conn, error) {
	acquire, cancel := context.WithTimeout(ctx, patience(ctx, t.patience))
	defer cancel()
	conn, err := t.sql.Connx(acquire)
	if err != nil {
		return nil, translateAcquire(ctx, err)
	}
	return conn, nil
}

func (t *Tenant) queryer(ctx context.Context) (sqlx.QueryerContext, sqlx.ExecerContext, func(), error) {
	conn, err := t.conn(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	return conn, conn, func() { conn.Close() }, nil //nolint:errcheck // a read's connection has nothing left to report
}

func (*Tenant) tenantRows() {}

// Tx is a transaction of one tenant. Its changes are announced at the commit.
type Tx struct {
	transaction
	handle  *Tenant
	tenant  uuid.UUID
	changes []Change
}

// Tenant is the transaction's tenant: what job rows and caches are keyed by.
func (tx *Tx) Tenant() uuid.UUID { return tx.tenant }

func (tx *Tx) queryer(ctx context.Context) (sqlx.QueryerContext, sqlx.ExecerContext, func(), error) {
	if err := tx.own(ctx); err != nil {
		return nil, nil, nil, err
	}
	return tx.conn, tx.conn, func() {}, nil
}

func (*Tx) tenantRows() {}

// own refuses another tenant's context: Postgres would not notice.
func (tx *Tx) own(ctx context.Context) error {
	if got := tenancy.From(ctx).TenantID; got != tx.tenant {
		return fmt.Errorf("transaction of tenant %s used with the context of %s", tx.tenant, got)
	}
	return nil
}

// Bulk runs fn on the same transaction as a pgx.Tx, for batches, streams and
// `insert … select from unnest(…)`. COPY FROM is refused by row-level security.
func Bulk(ctx context.Context, tx *Tx, fn func(pgx.Tx) error) error {
	if err := tx.own(ctx); err != nil {
		return err
	}
	return translate(ctx, fn(tx.tx))
}

func poolConfig(url string, maxConns int32) (*pgxpool.Config, error) {
	pc, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL cannot be read: %w", Redacted(err))
	}
	if maxConns > 0 {
		pc.MaxConns = maxConns
	} else {
		pc.MaxConns = defaultConns()
	}
	pc.ConnConfig.ConnectTimeout = 3 * time.Second
	pc.ConnConfig.RuntimeParams["application_name"] = "baraza"
	pc.ConnConfig.RuntimeParams["timezone"] = "UTC"
	return pc, nil
}
