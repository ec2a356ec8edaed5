// Package dbtest gives tests a real Postgres with two fresh tenants in it.
//
// Always true: isolation between tests is the wall under test; New's tenants are
// unknown to every other test, and the other of the two must see nothing. The
// cluster is that of BARAZA_TEST_POSTGRES (a superuser's URL, set by `make test`),
// or one of this process's own that ends with it.
package dbtest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/tenancy"
)

// DB is the package's database and two tenants of the test's own.
type DB struct {
	*Database
	// A and B are the contexts of the two tenants' owners.
	A, B context.Context
}

// Database is one database with the product's schema, reached as its roles.
type Database struct {
	Tenant   *db.Tenant
	Platform *db.Platform
	// Statements counts what the tenant pool was asked; see Counted.
	Statements *Statements
	URLs       URLs
}

// URLs of the database, per role. Admin is a superuser's.
type URLs struct{ Admin, App, Platform, Migrate, Backup string }

var shared = sync.OnceValues(func() (*Database, error) {
	return open(context.Background(), "")
})

// New gives two fresh tenants in this test process's database.
func New(t testing.TB) DB {
	t.Helper()
	d, err := shared()
	require.NoError(t, err)
	return d.tenants(t)
}

// Own gives a database of the test's own, dropped at its end: for migrations,
// platform-wide queries and running workers.
func Own(t testing.TB) DB {
	t.Helper()
	name := "own_" + shortID()
	d, err := open(t.Context(), name)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, d.Tenant.Close())
		require.NoError(t, d.Platform.Close())
		require.NoError(t, drop(context.Background(), name))
	})
	return d.tenants(t)
}

func (d *Database) tenants(t testing.TB) DB {
	return DB{Database: d, A: d.NewTenant(t, "a"), B: d.NewTenant(t, "b")}
}

// NewTenant makes a tenant with its key, roles, team and owner, and returns the owner's context.
func (d *Database) NewTenant(t testing.TB, name string) context.Context {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	tenant := db.NewID()
	slug := name + "-" + shortID()
	err := d.Platform.Tx(ctx, func(tx *db.PlatformTx) error {
		if _, err := db.Exec(ctx, tx, `insert into tenants (id, slug, name) values ($1, $2, $3)`, tenant, slug, "Tenant "+name); err != nil {
			return err
		}
		wrapped, err := Master(t).NewTenantKey(tenant)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `insert into tenant_keys (tenant_id, wrapped) values ($1, $2)`, tenant, wrapped); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `insert into teams (tenant_id, id, name, everyone) values ($1, $2, 'Everyone', true)`, tenant, db.NewID())
		return err
	})
	require.NoError(t, err)
	return d.NewMember(t, tenant, "owner")
}

// NewMember makes a person with a built-in role in the tenant and team Everyone, and returns their context.
func (d *Database) NewMember(t testing.TB, tenant uuid.UUID, role string) context.Context {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	user := db.NewID()
	var r tenancy.Role
	for _, b := range tenancy.BuiltinRoles() {
		if b.Key == role {
			r = b
		}
	}
	require.NotEmpty(t, r.Key, "role %q is not built in", role)
	var team uuid.UUID
	err := d.Platform.Tx(ctx, func(tx *db.PlatformTx) error {
		email := user.String() + "@example.test"
		if _, err := db.Exec(ctx, tx, `insert into users (id, email, email_lower, password_hash, name) values ($1, $2, $2, '', $3)`, user, email, "Person "+role); err != nil {
			return err
		}
		roleID := db.NewID()
		permissions := db.Texts{}
		for _, p := range r.Permissions.List() {
			permissions = append(permissions, string(p))
		}
		if _, err := db.Exec(ctx, tx, `insert into roles (tenant_id, id, key, name, builtin, permissions, scopes) values ($1, $2, $3, $4, true, $5, $6)
			on conflict do nothing`, tenant, roleID, role, r.Name, permissions, scopes(r.Rows)); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `insert into memberships (tenant_id, id, user_id, role_id, name, email)
			select $1, $2, $3, id, $4, $5 from roles where tenant_id = $1 and key = $6`, tenant, db.NewID(), user, "Person "+role, email, role); err != nil {
			return err
		}
		var err error
		if team, err = db.One[uuid.UUID](ctx, tx, `select id from teams where tenant_id = $1 and everyone`, tenant); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `insert into team_members (tenant_id, team_id, user_id) values ($1, $2, $3)`, tenant, team, user)
		return err
	})
	require.NoError(t, err)
	return tenancy.With(ctx, tenancy.Scope{
		TenantID: tenant, UserID: user, SessionID: db.NewID(), Role: r.Key, Permissions: r.Permissions, Rows: r.Rows,
		Teams: []uuid.UUID{team}, Version: 1,
	})
}

func scopes(rows tenancy.RowScope) db.Texts {
	list := db.Texts{}
	for name, has := range map[string]bool{"own": rows.Own, "team": rows.Team, "channel": rows.Channel, "all": rows.All} {
		if has {
			list = append(list, name)
		}
	}
	return list
}

// Jobs returns what was enqueued of kind T for the context's tenant, oldest first.
func Jobs[T db.Job](t testing.TB, d DB, ctx context.Context) []T { //nolint:revive // the database comes first here
	t.Helper()
	var zero T
	rows, err := db.All[string](t.Context(), d.Platform, `
		select args::text from river.river_job where kind = $1 and args->>'tenant_id' = $2 order by id`,
		zero.Kind(), tenancy.From(ctx).TenantID.String())
	require.NoError(t, err)
	jobs := make([]T, len(rows))
	for i, row := range rows {
		var stored db.JobRow
		require.NoError(t, json.Unmarshal([]byte(row), &stored))
		require.NoError(t, json.Unmarshal(stored.Args, &jobs[i]))
	}
	return jobs
}

// Eventually polls until ok, for what another goroutine or process will have done.
// It fails after ten seconds.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			require.FailNow(t, "still waiting: "+what)
		}
	}
}

// Statements counts the statements of a pool, per context made by Counted.
type Statements struct{}

type counterKey struct{}

// Counter holds the SQL of the statements sent with its context, set_config aside,
// and in how many round trips they went.
type Counter struct {
	mu    sync.Mutex
	SQL   []string
	trips int
}

// Counted returns a context whose statements are recorded.
func Counted(ctx context.Context) (context.Context, *Counter) {
	c := &Counter{}
	return context.WithValue(ctx, counterKey{}, c), c
}

// N is how many statements were sent.
func (c *Counter) N() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.SQL)
}

// Trips is in how many round trips they were sent: a batch is one.
func (c *Counter) Trips() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trips
}

func (c *Counter) add(sql ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.SQL = append(c.SQL, sql...)
	c.trips++
}

// TraceQueryStart implements pgx.QueryTracer.
func (*Statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok && !isBookkeeping(data.SQL) {
		c.add(data.SQL)
	}
	return ctx
}

// TraceBatchStart implements pgx.BatchTracer.
func (*Statements) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		var sql []string
		for _, q := range data.Batch.QueuedQueries {
			sql = append(sql, q.SQL)
		}
		c.add(sql...)
	}
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (*Statements) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (*Statements) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// TraceQueryEnd implements pgx.QueryTracer.
func (*Statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func isBookkeeping(sql string) bool {
	switch sql {
	case `select set_config('app.tenant_id', $1, false)`, `select coalesce(current_setting('app.tenant_id', true), '')`, ";", "-- ping":
		return true
	}
	return false
}

func shortID() string {
	id := db.NewID()
	return fmt.Sprintf("%x", id[8:])
}
