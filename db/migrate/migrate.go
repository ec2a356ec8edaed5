// Package migrate applies dbmate's migration files from inside the binary, for
// embedded databases and tests; deployments use dbmate itself.
//
// Always true: both keep the same book (public.schema_migrations), so either can
// go on where the other stopped. A file is applied whole or not at all, files are
// applied in the order of their versions, and two processes take turns.
package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Queryer reads the applied versions; any role with SELECT on schema_migrations will do.
type Queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Up applies every pending migration, waiting its turn. The first that fails ends
// it: the ones before stay applied, of it nothing stays.
func Up(ctx context.Context, url string, files fs.FS) error {
	return withTurn(ctx, url, files, func(conn *pgx.Conn, migrations []migration, applied []string) error {
		pending, err := pendingOf(migrations, applied)
		if err != nil {
			return err
		}
		for _, m := range pending {
			if err := run(ctx, conn, m.name, m.up, `insert into public.schema_migrations (version) values ($1)`, m.version); err != nil {
				return err
			}
		}
		return nil
	})
}

// Down takes the newest applied migration back; nothing applied is no error.
func Down(ctx context.Context, url string, files fs.FS) error {
	return withTurn(ctx, url, files, func(conn *pgx.Conn, migrations []migration, applied []string) error {
		if len(applied) == 0 {
			return nil
		}
		newest := applied[len(applied)-1]
		i := slices.IndexFunc(migrations, func(m migration) bool { return m.version == newest })
		if i < 0 {
			return fmt.Errorf("the newest applied migration %s has no file here", newest)
		}
		m := migrations[i]
		return run(ctx, conn, m.name, m.down, `delete from public.schema_migrations where version = $1`, m.version)
	})
}

// Pending returns the file names that Up would apply, in order.
func Pending(ctx context.Context, q Queryer, files fs.FS) ([]string, error) {
	migrations, err := load(files)
	if err != nil {
		return nil, err
	}
	applied, err := appliedVersions(ctx, q)
	if err != nil {
		return nil, err
	}
	pending, err := pendingOf(migrations, applied)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(pending))
	for _, m := range pending {
		names = append(names, m.name)
	}
	return names, nil
}

// Check says in one sentence how the database differs from the files, and what to
// do about it; nil when they match.
func Check(ctx context.Context, q Queryer, files fs.FS) error {
	pending, err := Pending(ctx, q, files)
	if err != nil || len(pending) == 0 {
		return err
	}
	return fmt.Errorf("the database lacks %s: run `npx dbmate --migrations-dir db/migrations up`", strings.Join(pending, ", "))
}

// pendingOf returns the migrations still to apply. Versions the files do not know
// mean that a newer Baraza was here; a file older than what is applied means that
// two people numbered without knowing of each other.
func pendingOf(migrations []migration, applied []string) ([]migration, error) {
	var unknown []string
	for _, version := range applied {
		if !slices.ContainsFunc(migrations, func(m migration) bool { return m.version == version }) {
			unknown = append(unknown, version)
		}
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("the database has migrations this Baraza does not know (%s): start a Baraza at least as new as the database",
			strings.Join(unknown, ", "))
	}
	var pending []migration
	for _, m := range migrations {
		if !slices.Contains(applied, m.version) {
			pending = append(pending, m)
		}
	}
	if len(pending) > 0 && len(applied) > 0 && pending[0].version < applied[len(applied)-1] {
		return nil, fmt.Errorf("%s is older than the applied %s: give it a newer version", pending[0].name, applied[len(applied)-1])
	}
	return pending, nil
}

// appliedVersions returns what the book says, oldest first; a database without a
// book has nothing applied.
func appliedVersions(ctx context.Context, q Queryer) ([]string, error) {
	rows, err := q.Query(ctx, `select version from public.schema_migrations`)
	var versions []string
	if err == nil {
		versions, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if pgErr := new(pgconn.PgError); errors.As(err, &pgErr) && pgErr.Code == "42P01" { // undefined_table
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the applied migrations: %w", err)
	}
	// Sorted here: the column's collation is the database's.
	slices.Sort(versions)
	return versions, nil
}

// turnLock is the advisory lock of Up and Down, "migrate" in ASCII.
const turnLock = 0x6d696772617465

// withTurn connects, waits until no other process migrates, and hands over what
// the files and the book say.
func withTurn(ctx context.Context, url string, files fs.FS, do func(*pgx.Conn, []migration, []string) error) (err error) {
	migrations, err := load(files)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		// The lock goes with the session.
		err = errors.Join(err, conn.Close(closing))
	}()
	if err := waitForTurn(ctx, conn); err != nil {
		return fmt.Errorf("wait for another process to migrate: %w", err)
	}
	if _, err := conn.Exec(ctx, `create table if not exists public.schema_migrations (version varchar primary key)`); err != nil {
		return fmt.Errorf("make schema_migrations: %w", err)
	}
	applied, err := appliedVersions(ctx, conn)
	if err != nil {
		return err
	}
	return do(conn, migrations, applied)
}

// waitForTurn asks instead of waiting inside the server, where a waiter's snapshot
// would hold up `create index concurrently` and lock_timeout would end the wait.
func waitForTurn(ctx context.Context, conn *pgx.Conn) error {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		var ours bool
		if err := conn.QueryRow(ctx, `select pg_try_advisory_lock($1)`, int64(turnLock)).Scan(&ours); err != nil || ours {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// run executes one block and writes the book, in one transaction unless the block
// says transaction:false.
func run(ctx context.Context, conn *pgx.Conn, file string, b block, book, version string) error {
	record := func(q interface {
		Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	}) error {
		if err := execute(ctx, conn, file, b); err != nil {
			return err
		}
		if _, err := q.Exec(ctx, book, version); err != nil {
			return fmt.Errorf("%s: write schema_migrations: %w", file, err)
		}
		return nil
	}
	if !b.transaction {
		return record(conn)
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return record(tx) })
}

// execute sends the block as one message, as dbmate does, and on an error counts
// the statements that went through to say where it stands.
func execute(ctx context.Context, conn *pgx.Conn, file string, b block) error {
	results := conn.PgConn().Exec(ctx, b.sql)
	done := 0
	for results.NextResult() {
		if _, err := results.ResultReader().Close(); err != nil {
			break
		}
		done++
	}
	err := results.Close()
	if err == nil {
		return nil
	}
	line := b.line + lineOfStatement(b.sql, done)
	if pgErr := new(pgconn.PgError); errors.As(err, &pgErr) {
		if pgErr.Position > 0 {
			line = b.line + lineOfPosition(b.sql, int(pgErr.Position))
		}
		if pgErr.Detail != "" {
			return fmt.Errorf("%s:%d: %w (%s)", file, line, err, pgErr.Detail)
		}
	}
	return fmt.Errorf("%s:%d: %w", file, line, err)
}
