package db_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/embedded"
)

// ownCluster is a Postgres that no other process shares: for what belongs to a whole
// cluster, as the attributes of roles do. It ends with the tests.
var ownCluster = sync.OnceValues(func() (*embedded.Server, error) {
	if err := os.Chmod(clusterDir, 0o711); err != nil { // the unprivileged user passes through
		return nil, err
	}
	return embedded.Start(context.Background(), embedded.Config{
		Dir: clusterDir, BinDir: os.Getenv("BARAZA_PG_BIN"), Settings: map[string]string{"fsync": "off"},
	})
})

var clusterDir string

// roles belong to the cluster: tests that change them take turns.
var roles sync.Mutex

// ownRoles is ownCluster for a test that changes roles.
func ownRoles(t *testing.T) *embedded.Server {
	t.Helper()
	server, err := ownCluster()
	require.NoError(t, err)
	roles.Lock()
	t.Cleanup(roles.Unlock)
	return server
}

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	var err error
	if clusterDir, err = os.MkdirTemp("", "baraza-test-"); err != nil {
		fmt.Println(err)
		return 1
	}
	code := m.Run()
	if entries, err := os.ReadDir(clusterDir); err == nil && len(entries) > 0 { // a test started it
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if server, err := ownCluster(); err != nil || server.Stop(ctx) != nil {
			fmt.Println("the tests' own cluster did not stop:", err)
			code = 1
		}
	}
	if err := os.RemoveAll(clusterDir); err != nil {
		fmt.Println(err)
		return 1
	}
	return code
}

func adminOf(t *testing.T, server *embedded.Server, database string) *pgx.Conn {
	t.Helper()
	return connect(t, server.AdminURL(database))
}

// connect opens a connection that ends with the test.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = conn.Close(ctx) // some tests end the server's side first
	})
	return conn
}

func mustExec(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	_, err := conn.Exec(t.Context(), sql, args...)
	require.NoError(t, err, sql)
}

// violations are the rules the lint finds broken, as the connection's role sees it.
func violations(t testing.TB, conn *pgx.Conn) []db.Violation {
	t.Helper()
	found, err := db.Lint(t.Context(), conn)
	require.NoError(t, err)
	return found
}
