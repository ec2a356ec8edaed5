package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// MinimumServer is the oldest Postgres that works, as server_version_num.
const MinimumServer = 150000

// Violation is one row of the tenancy lint.
type Violation struct{ Rule, Object, Detail string }

// Lint runs the tenancy lint on a connection of any role; a clean database gives no row.
func Lint(ctx context.Context, conn *pgx.Conn) ([]Violation, error) {
	rows, err := conn.Query(ctx, lintSQL)
	if err != nil {
		return nil, fmt.Errorf("tenancy lint: %w", Redacted(err))
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Violation])
}

// CheckServer refuses, in one sentence, to work with a database that is too old,
// not durable, behind a transaction pooler, reached as a role that could bypass
// row-level security, or that fails the lint. url is the tenant role's.
func CheckServer(ctx context.Context, url string) error {
	conn, err := connectAs(ctx, url, "baraza_app")
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	if err := checkPooler(ctx, conn, url); err != nil {
		return err
	}
	violations, err := Lint(ctx, conn)
	if err != nil {
		return err
	}
	if len(violations) > 0 {
		lines := make([]string, 0, 5)
		for _, v := range violations[:min(5, len(violations))] {
			lines = append(lines, v.Rule+" ("+v.Object+" "+v.Detail+")")
		}
		return fmt.Errorf("the tenancy lint finds %d violations: %s", len(violations), strings.Join(lines, "; "))
	}
	return nil
}

// CheckPlatform refuses what CheckServer refuses of a role, for the platform's url.
func CheckPlatform(ctx context.Context, url string) error {
	conn, err := connectAs(ctx, url, "baraza_platform")
	if err != nil {
		return err
	}
	closeConn(ctx, conn)
	return nil
}

// connectAs connects and refuses a server that is too old or not durable, and every
// role but the named one: another could own the tables, bypass their policies, or
// become one that does.
func connectAs(ctx context.Context, url, role string) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("the database cannot be reached: %w", Redacted(err))
	}
	if err := checkSession(ctx, conn, role); err != nil {
		closeConn(ctx, conn)
		return nil, err
	}
	return conn, nil
}

func checkSession(ctx context.Context, conn *pgx.Conn, role string) error {
	var version int
	var session, current, commit string
	var super, bypass, createRole bool
	// The session's user counts as much as the current one: "set role" can be undone.
	err := conn.QueryRow(ctx, `
		select current_setting('server_version_num')::int, session_user, current_user, current_setting('synchronous_commit'),
		       bool_or(rolsuper), bool_or(rolbypassrls), bool_or(rolcreaterole)
		from pg_roles where rolname in (session_user, current_user)`).
		Scan(&version, &session, &current, &commit, &super, &bypass, &createRole)
	if err != nil {
		return fmt.Errorf("the database cannot be asked for its settings: %w", Redacted(err))
	}
	switch {
	case version < MinimumServer:
		return fmt.Errorf("PostgreSQL 15 or newer is needed; the server is %d.%d", version/10000, version%10000)
	case super || bypass || createRole:
		return fmt.Errorf("role %q could bypass row-level security (superuser %t, bypassrls %t, createrole %t); connect as %s", session, super, bypass, createRole, role)
	case session != role || current != role:
		return fmt.Errorf("this database URL connects as %q (acting as %q); it must connect as %s", session, current, role)
	case commit == "off":
		return fmt.Errorf("synchronous_commit is off: acknowledged rows could be lost")
	}
	return nil
}

// Durable says whether the server promises that a commit is on disk.
func Durable(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("the database cannot be reached: %w", Redacted(err))
	}
	defer closeConn(ctx, conn)
	var fsync, fullPages string
	if err := conn.QueryRow(ctx, `select current_setting('fsync'), current_setting('full_page_writes')`).Scan(&fsync, &fullPages); err != nil {
		return fmt.Errorf("the database cannot be asked for its settings: %w", Redacted(err))
	}
	if fsync != "on" || fullPages != "on" {
		return fmt.Errorf("fsync is %s and full_page_writes is %s; both must be on", fsync, fullPages)
	}
	return nil
}

// checkPooler looks for a transaction pooler, which would leak session settings: a
// marker set on one connection must not be found on a second.
func checkPooler(ctx context.Context, conn *pgx.Conn, url string) error {
	marker := NewID().String()
	if _, err := conn.Exec(ctx, `select set_config('baraza.marker', $1, false)`, marker); err != nil {
		return fmt.Errorf("check for a pooler: %w", Redacted(err))
	}
	second, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("check for a pooler: %w", Redacted(err))
	}
	defer closeConn(ctx, second)
	var found string
	if err := second.QueryRow(ctx, `select coalesce(current_setting('baraza.marker', true), '')`).Scan(&found); err != nil {
		return fmt.Errorf("check for a pooler: %w", Redacted(err))
	}
	if found == marker {
		return fmt.Errorf("a transaction pooler stands in front of Postgres; it would mix tenants up and is not supported")
	}
	return nil
}

// ClockSkew is how far the database's clock is from ours.
func (p *Platform) ClockSkew(ctx context.Context) (time.Duration, error) {
	before := time.Now()
	now, err := One[time.Time](ctx, p, `select clock_timestamp()`)
	return now.Sub(before.Add(time.Since(before) / 2)), err
}
