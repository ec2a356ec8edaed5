package db

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"
)

// Platform reaches what comes before a tenant is known and what spans tenants
// (role baraza_platform, whose own narrow policies bound it).
type Platform struct {
	// Patience is how long a request waits for a connection: 500 ms.
	Patience time.Duration

	pool *pgxpool.Pool
	sql  *sqlx.DB
	jobs *river.Client[pgx.Tx]
}

// OpenPlatform opens the platform pool. It connects at the first use.
func OpenPlatform(ctx context.Context, url string, maxConns int32, tracer pgx.QueryTracer) (*Platform, error) {
	pc, err := poolConfig(url, maxConns)
	if err != nil {
		return nil, err
	}
	pc.ConnConfig.Tracer = tracer
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("open platform pool: %w", err)
	}
	jobs, err := newInserter()
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &Platform{Patience: requestPatience, pool: pool, sql: sqlx.NewDb(stdlib.OpenDBFromPool(pool), "pgx"), jobs: jobs}, nil
}

// Close waits for the connections in use and closes the pool.
func (p *Platform) Close() error {
	err := p.sql.Close()
	p.pool.Close()
	return err
}

// Pool is for River's client, which runs as the platform.
func (p *Platform) Pool() *pgxpool.Pool { return p.pool }

// Ping says whether Postgres answers.
func (p *Platform) Ping(ctx context.Context) error { return translate(ctx, p.pool.Ping(ctx)) }

// Tx runs fn in a platform transaction.
func (p *Platform) Tx(ctx context.Context, fn func(*PlatformTx) error) error {
	conn, err := p.conn(ctx)
	if err != nil {
		return err
	}
	tx := &PlatformTx{transaction{conn: conn}, p.jobs}
	first := firstOf(ctx)
	err = tx.run(ctx, func() error {
		if err := first.platform(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	})
	if err == nil {
		first.done()
	}
	return err
}

func (p *Platform) conn(ctx context.Context) (*sqlx.Conn, error) {
	acquire, cancel := context.WithTimeout(ctx, patience(ctx, p.Patience))
	defer cancel()
	conn, err := p.sql.Connx(acquire)
	if err != nil {
		return nil, translateAcquire(ctx, err)
	}
	return conn, nil
}

func (p *Platform) queryer(ctx context.Context) (sqlx.QueryerContext, sqlx.ExecerContext, func(), error) {
	conn, err := p.conn(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	return conn, conn, func() { conn.Close() }, nil //nolint:errcheck // a read's connection has nothing left to report
}

func (*Platform) platformRows() {}

// PlatformTx is a platform transaction; tenant SQL cannot be called with it.
type PlatformTx struct {
	transaction
	jobs *river.Client[pgx.Tx]
}

func (tx *PlatformTx) queryer(context.Context) (sqlx.QueryerContext, sqlx.ExecerContext, func(), error) {
	return tx.conn, tx.conn, func() {}, nil
}

func (*PlatformTx) platformRows() {}

// PlatformBulk is Bulk for the platform.
func PlatformBulk(ctx context.Context, tx *PlatformTx, fn func(pgx.Tx) error) error {
	return translate(ctx, fn(tx.tx))
}

// Locks holds session advisory locks on a connection of its own: they end with the
// connection, so a dead process or a dead server frees them. It wants to be asked every
// few seconds: the server ends a connection that is silent for lockIdle, because a
// machine that lost its power, or a router its memory, says goodbye to nobody.
type Locks struct{ conn *pgx.Conn }

const (
	lockIdle = 10 * time.Second
	// lockPatience is how long an answer about a lock may take.
	lockPatience = 5 * time.Second
)

// OpenLocks connects, outside the pool.
func (p *Platform) OpenLocks(ctx context.Context) (*Locks, error) {
	config := p.pool.Config().ConnConfig
	config.RuntimeParams["idle_session_timeout"] = strconv.FormatInt(lockIdle.Milliseconds(), 10)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, translate(ctx, err)
	}
	return &Locks{conn}, nil
}

// Try takes a lock unless another connection has it. class and key name it.
func (l *Locks) Try(ctx context.Context, class, key int32) (held bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	err = l.conn.QueryRow(ctx, `select pg_try_advisory_lock($1, $2)`, class, key).Scan(&held)
	return held, translate(ctx, err)
}

// Free gives one lock up.
func (l *Locks) Free(ctx context.Context, class, key int32) error {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	_, err := l.conn.Exec(ctx, `select pg_advisory_unlock($1, $2)`, class, key)
	return translate(ctx, err)
}

// Join takes a lock that many may share, and Sharers counts who does.
func (l *Locks) Join(ctx context.Context, class, key int32) error {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	_, err := l.conn.Exec(ctx, `select pg_advisory_lock_shared($1, $2)`, class, key)
	return translate(ctx, err)
}

// Sharers counts the connections that joined. An error means that the connection is
// gone, and every lock with it.
func (l *Locks) Sharers(ctx context.Context, class, key int32) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	err = l.conn.QueryRow(ctx, `
		select count(*) from pg_locks
		where locktype = 'advisory' and classid = $1::int::oid and objid = $2::int::oid and objsubid = 2 and granted
		  and database = (select oid from pg_database where datname = current_database())`, class, key).Scan(&n)
	return n, translate(ctx, err)
}

// Close frees all of them.
func (l *Locks) Close(ctx context.Context) { closeConn(ctx, l.conn) }

func closeConn(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // the server drops what it held either way
}

// NewID returns a UUIDv7: time-ordered, unguessable in its last 62 bits.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
