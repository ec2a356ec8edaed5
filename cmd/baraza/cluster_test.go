package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/embedded"
	"baraza/db/migrate"
	"baraza/tenancy"
)

// ownCluster is a PostgreSQL beside the programs, durable as theirs must be, for tests
// that cut it off or look into it. It ends with the tests.
var ownCluster struct {
	once   sync.Once
	dir    string
	server *embedded.Server
	err    error
	made   atomic.Int64
}

func cluster(t testing.TB) *embedded.Server {
	t.Helper()
	c := &ownCluster
	c.once.Do(func() {
		if c.dir, c.err = os.MkdirTemp("", "baraza-cluster-"); c.err != nil {
			return
		}
		if c.err = os.Chmod(c.dir, 0o711); c.err != nil {
			return
		}
		c.server, c.err = embedded.Start(context.Background(), embedded.Config{Dir: filepath.Join(c.dir, "postgres"), BinDir: os.Getenv("BARAZA_PG_BIN")})
	})
	require.NoError(t, c.err)
	return c.server
}

func stopCluster() error {
	c := &ownCluster
	if c.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return errors.Join(c.server.Stop(ctx), os.RemoveAll(c.dir))
}

// ownDatabase is one on the cluster.
type ownDatabase struct {
	t    testing.TB
	name string
}

// newDatabase makes one with the roles; migrated says whether with the schema too.
func newDatabase(t testing.TB, migrated bool) *ownDatabase {
	t.Helper()
	server := cluster(t)
	d := &ownDatabase{t, fmt.Sprintf("own_%d", ownCluster.made.Add(1))}
	require.NoError(t, embedded.Prepare(t.Context(), server.AdminURL("postgres"), d.name, db.RolesSQL, server.Passwords()))
	if migrated {
		require.NoError(t, migrate.Up(t.Context(), d.url("baraza_migrate"), db.Migrations()))
	}
	return d
}

func (d *ownDatabase) url(role string) string {
	server := cluster(d.t)
	return server.URL(role, server.Passwords()[role], d.name)
}

// settings make a program use the database. The master key is made beside its data.
func (d *ownDatabase) settings() map[string]string {
	d.t.Helper()
	key := filepath.Join(openDir(d.t), "master.key")
	require.NoError(d.t, tenancy.NewMasterFile(key))
	return map[string]string{
		"DATABASE_URL": d.url("baraza_app"), "BARAZA_PLATFORM_DATABASE_URL": d.url("baraza_platform"), "BARAZA_MASTER_KEY_FILE": key,
	}
}

// admin is a superuser's connection: it sees every tenant's rows.
func (d *ownDatabase) admin() *pgx.Conn {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), cluster(d.t).AdminURL(d.name))
	require.NoError(d.t, err)
	d.t.Cleanup(func() { require.NoError(d.t, conn.Close(context.WithoutCancel(d.t.Context()))) })
	return conn
}

// one reads a single value.
func one[T any](t testing.TB, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var v T
	require.NoError(t, conn.QueryRow(t.Context(), sql, args...).Scan(&v))
	return v
}

// all reads a column.
func all[T any](t testing.TB, conn *pgx.Conn, sql string, args ...any) []T {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql, args...)
	require.NoError(t, err)
	values, err := pgx.CollectRows(rows, pgx.RowTo[T])
	require.NoError(t, err)
	return values
}
