package db_test

import (
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/db/embedded"
	"baraza/db/migrate"
)

// migrated is a database of the tests' own cluster with the product's schema.
func migrated(t *testing.T) (server *embedded.Server, database string) {
	t.Helper()
	server = ownRoles(t)
	database = "check_" + uuid.NewString()[:8]
	require.NoError(t, embedded.Prepare(t.Context(), server.AdminURL("postgres"), database, db.RolesSQL, server.Passwords()))
	require.NoError(t, migrate.Up(t.Context(), server.URL("baraza_migrate", server.Passwords()["baraza_migrate"], database), db.Migrations()))
	return server, database
}

// SE-01: a server that could bypass the wall, or lose what it acknowledged, is refused in a sentence that says why.
func TestCheckServer(t *testing.T) {
	t.Parallel()
	server, database := migrated(t)
	app := server.URL("baraza_app", server.Passwords()["baraza_app"], database)
	admin := adminOf(t, server, database)
	refused := func(t *testing.T, url, why string) {
		t.Helper()
		require.ErrorContains(t, db.CheckServer(t.Context(), url), why)
	}
	require.NoError(t, db.CheckServer(t.Context(), app))
	require.NoError(t, db.CheckPlatform(t.Context(), server.URL("baraza_platform", server.Passwords()["baraza_platform"], database)))

	// One after the other: each breaks the one database and mends it.
	for _, c := range []struct{ name, broken, mend, why string }{
		{"superuser", `alter role baraza_app superuser`, `alter role baraza_app nosuperuser`, "could bypass row-level security"},
		{"bypassrls", `alter role baraza_app bypassrls`, `alter role baraza_app nobypassrls`, "could bypass row-level security"},
		{"createrole", `alter role baraza_app createrole`, `alter role baraza_app nocreaterole`, "could bypass row-level security"},
		{"another role's attribute", `alter role baraza_platform bypassrls`, `alter role baraza_platform nobypassrls`, "R21"},
		{"member of the owner", `grant baraza_owner to baraza_app`, `revoke baraza_owner from baraza_app`, "R13"},
		{"policy not forced", `alter table contacts no force row level security`, `alter table contacts force row level security`, "R03"},
		{"policy not enabled", `alter table contacts disable row level security`, `alter table contacts enable row level security`, "R02"},
		{"table without a policy", `create table loose (tenant_id uuid, id uuid)`, `drop table loose`, "violations"},
		{"commits not waited for", `alter role baraza_app set synchronous_commit = off`, `alter role baraza_app reset synchronous_commit`, "synchronous_commit is off"},
	} {
		mustExec(t, admin, c.broken)
		err := db.CheckServer(t.Context(), app)
		mustExec(t, admin, c.mend)
		require.ErrorContains(t, err, c.why, c.name)
	}
	require.NoError(t, db.CheckServer(t.Context(), app), "mended")

	t.Run("every_role_but_its_own", func(t *testing.T) {
		t.Parallel()
		for _, role := range []string{"baraza_migrate", "baraza_platform", "baraza_backup"} {
			refused(t, server.URL(role, server.Passwords()[role], database), "baraza_app")
		}
		refused(t, server.AdminURL(database), "could bypass row-level security")
		require.ErrorContains(t, db.CheckPlatform(t.Context(), app), "baraza_platform")
		require.ErrorContains(t, db.CheckPlatform(t.Context(), server.AdminURL(database)), "could bypass row-level security")
	})

	t.Run("a_superuser_who_poses_as_baraza_app", func(t *testing.T) {
		t.Parallel()
		u, err := url.Parse(server.AdminURL(database))
		require.NoError(t, err)
		q := u.Query()
		q.Set("role", "baraza_app")
		u.RawQuery = q.Encode()
		refused(t, u.String(), "could bypass row-level security")
	})

	t.Run("transaction_pooler", func(t *testing.T) {
		t.Parallel()
		refused(t, throughPooler(t, app), "transaction pooler")
	})

	t.Run("no_server", func(t *testing.T) {
		t.Parallel()
		nowhere := "postgres://baraza_app:open-sesame@127.0.0.1:1/" + database
		for _, check := range []error{
			db.CheckServer(t.Context(), nowhere), db.CheckPlatform(t.Context(), nowhere), db.Durable(t.Context(), nowhere),
		} {
			require.ErrorContains(t, check, "the database cannot be reached")
			require.NotContains(t, check.Error(), "open-sesame")
		}
	})
}

// G12: a commit is on disk, or the process does not start.
func TestDurable(t *testing.T) {
	t.Parallel()
	server, err := ownCluster() // which runs without fsync
	require.NoError(t, err)
	require.ErrorContains(t, db.Durable(t.Context(), server.AdminURL("postgres")), "fsync is off")

	dir, err := os.MkdirTemp("", "baraza-test-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o711)) // the unprivileged user passes through
	for _, c := range []struct {
		settings map[string]string
		why      string
	}{
		{nil, ""},
		{map[string]string{"full_page_writes": "off"}, "full_page_writes is off"},
	} {
		server, err := embedded.Start(t.Context(), embedded.Config{Dir: dir, BinDir: os.Getenv("BARAZA_PG_BIN"), Settings: c.settings})
		require.NoError(t, err)
		durable := db.Durable(t.Context(), server.AdminURL("postgres"))
		require.NoError(t, server.Stop(t.Context()))
		if c.why == "" {
			require.NoError(t, durable)
		} else {
			require.ErrorContains(t, durable, c.why)
		}
	}
}

func TestClockSkew(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	skew, err := d.Platform.ClockSkew(t.Context())
	require.NoError(t, err)
	require.Less(t, skew.Abs(), 2*time.Second, "both clocks are this machine's")
}

// throughPooler is the URL of a transaction pooler in front of the server at target:
// its clients take turns on one connection, as PgBouncer's do.
func throughPooler(t *testing.T, target string) string {
	t.Helper()
	config, err := pgconn.ParseConfig(target)
	require.NoError(t, err)
	conn, err := pgconn.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	upstream, err := conn.Hijack()
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &pooler{upstream: upstream}
	p.clients.Go(func() { p.accept(t, listener) })
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		p.clients.Wait()
		require.NoError(t, upstream.Conn.Close())
	})
	address := listener.Addr().(*net.TCPAddr)
	return "postgres://baraza_app@127.0.0.1:" + strconv.Itoa(address.Port) + "/" + config.Database + "?sslmode=disable"
}

type pooler struct {
	upstream *pgconn.HijackedConn
	turn     sync.Mutex
	clients  sync.WaitGroup
}

func (p *pooler) accept(t *testing.T, listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		p.clients.Go(func() {
			defer client.Close() //nolint:errcheck // the client has gone first
			if err := p.serve(client); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("pooler: %v", err)
			}
		})
	}
}

func (p *pooler) serve(client net.Conn) error {
	back := pgproto3.NewBackend(client, client)
	if _, err := back.ReceiveStartupMessage(); err != nil {
		return err
	}
	back.Send(&pgproto3.AuthenticationOk{})
	for name, value := range p.upstream.ParameterStatuses {
		back.Send(&pgproto3.ParameterStatus{Name: name, Value: value})
	}
	back.Send(&pgproto3.BackendKeyData{ProcessID: p.upstream.PID, SecretKey: p.upstream.SecretKey})
	back.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if err := back.Flush(); err != nil {
		return err
	}
	for {
		if done, err := p.exchange(back); done || err != nil {
			return err
		}
	}
}

// exchange passes one round of questions on and brings the answers back.
func (p *pooler) exchange(back *pgproto3.Backend) (done bool, err error) {
	front := p.upstream.Frontend
	question, err := back.Receive()
	if err != nil {
		return true, err
	}
	p.turn.Lock()
	defer p.turn.Unlock()
	for {
		if _, leaves := question.(*pgproto3.Terminate); leaves {
			return true, nil
		}
		front.Send(question)
		if last(question) {
			break
		}
		if question, err = back.Receive(); err != nil {
			return true, err
		}
	}
	if err := front.Flush(); err != nil {
		return true, err
	}
	for {
		answer, err := front.Receive()
		if err != nil {
			return true, err
		}
		back.Send(answer)
		if _, ready := answer.(*pgproto3.ReadyForQuery); ready {
			return false, back.Flush()
		}
	}
}

func last(question pgproto3.FrontendMessage) bool {
	switch question.(type) {
	case *pgproto3.Sync, *pgproto3.Query:
		return true
	}
	return false
}
