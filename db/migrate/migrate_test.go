package migrate

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"baraza/db"
	"baraza/db/embedded"
)

var server *embedded.Server

func TestMain(m *testing.M) {
	os.Exit(withServer(m))
}

// withServer gives all tests of the package one cluster.
func withServer(m *testing.M) (code int) {
	// Not in a private folder: as root the server runs as somebody else.
	dir, err := os.MkdirTemp("", "baraza-migrate-")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	if err == nil {
		server, err = embedded.Start(context.Background(), embedded.Config{
			Dir: dir, BinDir: os.Getenv("BARAZA_PG_BIN"), Settings: map[string]string{"fsync": "off"},
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		if err := server.Stop(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}()
	return m.Run()
}

// database makes an empty database and returns the URLs of baraza_migrate and the superuser.
func database(t *testing.T) (url, admin string) {
	t.Helper()
	name := "migrate_" + strings.ToLower(rand.Text()[:12])
	require.NoError(t, embedded.Prepare(t.Context(), server.AdminURL("postgres"), name, db.RolesSQL, server.Passwords()))
	return server.URL("baraza_migrate", server.Passwords()["baraza_migrate"], name), server.AdminURL(name)
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	return conn
}

func list(t *testing.T, url, sql string) []string {
	t.Helper()
	rows, err := connect(t, url).Query(t.Context(), sql)
	require.NoError(t, err)
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return values
}

func versions(t *testing.T, url string) []string {
	t.Helper()
	return list(t, url, `select version from schema_migrations order by version collate "C"`)
}

func shop() fs.FS { return os.DirFS("testdata/shop") }

func files(pairs ...string) fs.FS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

// OP-12
func TestUpAndDown(t *testing.T) {
	t.Parallel()
	url, _ := database(t)
	require.NoError(t, Up(t.Context(), url, shop()))
	require.Equal(t, []string{"20260101000100", "20260101000200", "20260101000300"}, versions(t, url))
	require.NoError(t, Up(t.Context(), url, shop()), "a second time there is nothing to do")
	require.Equal(t, []string{"baraza_owner"},
		list(t, url, `select distinct tableowner::text from pg_tables where schemaname = 'public'`), "what migrations make belongs to the owner")

	for _, left := range []int{2, 1, 0, 0} {
		require.NoError(t, Down(t.Context(), url, shop()))
		require.Len(t, versions(t, url), left)
	}
	require.Equal(t, []string{"schema_migrations"}, list(t, url, `select tablename::text from pg_tables where schemaname = 'public'`))
	require.NoError(t, Up(t.Context(), url, shop()))
	require.Len(t, versions(t, url), 3)
}

func TestProcessesTakeTurns(t *testing.T) {
	t.Parallel()
	url, _ := database(t)
	var group errgroup.Group
	for range 6 {
		group.Go(func() error { return Up(t.Context(), url, shop()) })
	}
	require.NoError(t, group.Wait())
	require.Len(t, versions(t, url), 3)
}

// A failing file leaves nothing of itself, the ones before it stay.
func TestFailureLeavesNothingOfTheFile(t *testing.T) {
	t.Parallel()
	url, _ := database(t)
	err := Up(t.Context(), url, files(
		"1_good.sql", "-- migrate:up\ncreate table good ();\n-- migrate:down\ndrop table good;\n",
		"2_bad.sql", "-- migrate:up\ncreate table half ();\n\ncreate table good ();\n-- migrate:down\n",
	))
	require.ErrorContains(t, err, `2_bad.sql:4: ERROR: relation "good" already exists`)
	require.Equal(t, []string{"good", "schema_migrations"}, list(t, url, `select tablename::text from pg_tables where schemaname = 'public' order by 1`))
	require.Equal(t, []string{"1"}, versions(t, url))
}

func TestErrorsNameFileAndLine(t *testing.T) {
	t.Parallel()
	url, _ := database(t)
	for name, c := range map[string]struct {
		sql  string
		line int
	}{
		"syntax": {"-- migrate:up\ncreate table a ();\n\ncreate tabel b ();\n", 4},
		"unknown column behind letters of two bytes": {"-- ä\n-- migrate:up\ncomment on schema public is 'ääää';\nselect 1,\n  missing;\n", 5},
		"the same name twice, behind all kinds of quotes": {`-- migrate:up
/* one; /* two; */ */ select 'a;''b', e'\';', "a;" from (select 1 as "a;") x;
; -- a lone semicolon
create function f() returns text language plpgsql as $body$ begin return ';'; end; $body$;
create function g(i int) returns int language sql begin atomic
  select case when i > 0 then 1 end;
  select 2;
end;
create table twice ();
  create table twice ();
`, 10},
		"inside a do block": {"-- migrate:up\nselect 1;\n\ndo $$ begin\n  perform 1/0;\nend $$;\n", 4},
	} {
		t.Run(name, func(t *testing.T) {
			err := Up(t.Context(), url, files("1_x.sql", c.sql+"-- migrate:down\n"))
			require.ErrorContains(t, err, fmt.Sprintf("1_x.sql:%d: ERROR: ", c.line))
		})
	}
}

func TestWithoutTransaction(t *testing.T) {
	t.Parallel()
	url, _ := database(t)
	require.NoError(t, Up(t.Context(), url, files(
		"1_t.sql", "-- migrate:up\ncreate table t (a int);\n-- migrate:down\ndrop table t;\n",
		"2_i.sql", "-- migrate:up transaction:false\ncreate index concurrently t_a_idx on t (a);\n-- migrate:down transaction:false\ndrop index concurrently t_a_idx;\n",
	)))
	require.Equal(t, []string{"1", "2"}, versions(t, url))
	require.Equal(t, []string{"t_a_idx"}, list(t, url, `select indexname::text from pg_indexes where tablename = 't'`))
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	const good = "-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n"
	for sentence, fsys := range map[string]fs.FS{
		"x.sql does not begin with a version":         files("x.sql", good),
		"1_x.sql has no line `-- migrate:up`":         files("1_x.sql", "select 1;\n-- migrate:down\n"),
		"1_x.sql has no line `-- migrate:down`":       files("1_x.sql", "-- migrate:up\nselect 1;\n"),
		"1_x.sql has its down block before its up":    files("1_x.sql", "-- migrate:down\n-- migrate:up\n"),
		"1_x.sql has statements before":               files("1_x.sql", "select 1;\n"+good),
		`1_x.sql: unknown option "transaction:maybe"`: files("1_x.sql", "-- migrate:up transaction:maybe\n-- migrate:down\n"),
		"1_x.sql and 1_y.sql have the same version":   files("1_x.sql", good, "1_y.sql", good),
	} {
		_, err := load(fsys)
		require.ErrorContains(t, err, sentence)
	}
}

func TestCheckSaysWhatToDo(t *testing.T) {
	t.Parallel()
	url, admin := database(t)
	conn := connect(t, admin)
	require.EqualError(t, Check(t.Context(), conn, shop()), "the database lacks 20260101000100_shops.sql, 20260101000200_orders.sql, "+
		"20260101000300_words.sql: run `npx dbmate --migrations-dir db/migrations up`")
	require.NoError(t, Up(t.Context(), url, shop()))
	require.NoError(t, Check(t.Context(), conn, shop()))

	t.Run("a newer Baraza was here", func(t *testing.T) {
		older := files("20260101000100_shops.sql", "-- migrate:up\n-- migrate:down\n")
		require.ErrorContains(t, Check(t.Context(), conn, older),
			"the database has migrations this Baraza does not know (20260101000200, 20260101000300)")
		require.ErrorContains(t, Up(t.Context(), url, older), "start a Baraza at least as new as the database")
	})
	t.Run("a file was numbered below what is applied", func(t *testing.T) {
		late := fstest.MapFS{"20250101000000_late.sql": {Data: []byte("-- migrate:up\n-- migrate:down\n")}}
		require.NoError(t, fs.WalkDir(shop(), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(shop(), path)
			late[path] = &fstest.MapFile{Data: text}
			return err
		}))
		require.EqualError(t, Up(t.Context(), url, late), "20250101000000_late.sql is older than the applied 20260101000300: give it a newer version")
	})
	t.Run("the newest has no file", func(t *testing.T) {
		require.ErrorContains(t, Down(t.Context(), url, files("1_x.sql", "-- migrate:up\n-- migrate:down\n")), "20260101000300 has no file here")
	})
}
