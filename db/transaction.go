package db

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
)

// rollbackTimeout bounds the clean-up after a cancelled request.
const rollbackTimeout = 2 * time.Second

// transaction has two faces: sqlx rows over a pinned connection, and the pgx.Tx
// begun under it, so that rows, bulk rows and jobs share one commit.
type transaction struct {
	conn *sqlx.Conn
	tx   pgx.Tx
}

// run begins, calls fn, and commits or rolls back. The connection goes back to the
// pool in every case.
func (t *transaction) run(ctx context.Context, fn func() error) error {
	defer t.conn.Close() //nolint:errcheck // the outcome is the commit's
	err := t.raw(func(c *pgx.Conn) (err error) {
		t.tx, err = c.Begin(ctx)
		return err
	})
	if err != nil {
		return translate(ctx, err)
	}
	defer t.rollback(ctx)
	if err := fn(); err != nil {
		return err
	}
	return translate(ctx, t.raw(func(*pgx.Conn) error { return t.tx.Commit(ctx) }))
}

// rollback survives a cancelled context; after a commit there is nothing left to roll
// back. If it fails, pgxpool destroys the connection on its return.
func (t *transaction) rollback(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	_ = t.raw(func(*pgx.Conn) error { return t.tx.Rollback(ctx) }) // the error that led here is the one to report
}

// raw hands out the pgx connection under the pinned one.
func (t *transaction) raw(fn func(*pgx.Conn) error) error {
	return t.conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("driver connection is %T", driver)
		}
		// database/sql destroys a connection on driver.ErrBadConn alone; any other
		// error passes through.
		return fn(c.Conn())
	})
}

func defaultConns() int32 { return int32(2*runtime.NumCPU() + 4) }
