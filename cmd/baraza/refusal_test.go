package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// SE-01, OP-18 (SECURITY §10): what must not start ends at once with exit code 1 and one
// sentence that says what to change, and leaves no process.
func TestRefusals(t *testing.T) {
	t.Parallel()

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	file := filepath.Join(openDir(t), "file")
	require.NoError(t, os.WriteFile(file, []byte("in the way"), 0o600))
	openKey := filepath.Join(openDir(t), "master.key")
	require.NoError(t, os.WriteFile(openKey, []byte("anything"), 0o644))

	store, empty, newer, open := newDatabase(t, true), newDatabase(t, false), newDatabase(t, true), newDatabase(t, true)
	given := store.settings()
	superuser := cluster(t).AdminURL(store.name)
	database := func(d *ownDatabase) map[string]string {
		return map[string]string{"DATABASE_URL": d.url("baraza_app"), "BARAZA_PLATFORM_DATABASE_URL": d.url("baraza_platform")}
	}
	alter(t, newer, `insert into schema_migrations values ('99990101000000')`)
	alter(t, open, `alter table contacts no force row level security`)
	unreachable := &url.URL{Scheme: "postgres", User: url.UserPassword("baraza_app", password), Host: freeAddress(t), Path: "/baraza"}

	for _, c := range []struct {
		name     string
		external bool // on the given database, unless env says otherwise
		env      map[string]string
		args     []string
		want     string // …, where the machine has its say, stands for anything
	}{
		{name: "unknown_variable", env: map[string]string{"BARAZA_METAAPPSECRET": "x"},
			want: `unknown variable BARAZA_METAAPPSECRET`},
		{name: "unknown_flag", args: []string{"serve", "--nope"},
			want: `unknown flag --nope…`},
		{name: "short_secret", env: map[string]string{"BARAZA_META_APP_SECRET": "fifteen letters"},
			want: `BARAZA_META_APP_SECRET is shorter than 16 characters`},
		{name: "short_second_secret", env: map[string]string{"BARAZA_META_APP_SECRET": appSecret + ",short"},
			want: `BARAZA_META_APP_SECRET is shorter than 16 characters`},
		{name: "published_secret_with_https", env: map[string]string{"BARAZA_BASE_URL": "https://chat.example.org"},
			want: `BARAZA_META_APP_SECRET is a published example`},
		{name: "graph_elsewhere", env: map[string]string{"BARAZA_META_GRAPH_URL": "http://192.0.2.1"},
			want: `BARAZA_META_GRAPH_URL may only name a loopback address, and only without an https base URL`},
		{name: "graph_override_with_https", env: map[string]string{"BARAZA_META_GRAPH_URL": "http://127.0.0.1:1", "BARAZA_BASE_URL": "https://chat.example.org"},
			want: `BARAZA_META_GRAPH_URL may only name a loopback address, and only without an https base URL`},
		{name: "simulator_elsewhere", env: map[string]string{"BARAZA_SIMULATOR": "http://192.0.2.1:80"},
			want: `BARAZA_SIMULATOR is on, off, auto or an http address on loopback`},
		{name: "everybody_trusted", env: map[string]string{"BARAZA_TRUSTED_PROXIES": "0.0.0.0/0"},
			want: `BARAZA_TRUSTED_PROXIES: "0.0.0.0/0" trusts everybody`},
		{name: "every_origin", env: map[string]string{"BARAZA_CORS_ORIGINS": "https://*.example.org"},
			want: `BARAZA_CORS_ORIGINS: "https://*.example.org" is not an origin`},
		{name: "half_a_database", env: map[string]string{"DATABASE_URL": unreachable.String()},
			want: `DATABASE_URL and BARAZA_PLATFORM_DATABASE_URL go together`},
		{name: "no_master_key", env: database(store),
			want: "BARAZA_MASTER_KEY_FILE is needed with a database of its own; `baraza key FILE` makes one"},
		{name: "open_master_key", external: true, env: map[string]string{"BARAZA_MASTER_KEY_FILE": openKey},
			want: `BARAZA_MASTER_KEY_FILE: master key ` + openKey + ` is readable by others (mode 0644); set it to 0400`},
		{name: "taken_port", env: map[string]string{"BARAZA_LISTEN": taken.Addr().String()},
			want: `cannot listen on ` + taken.Addr().String() + `: …address already in use`},
		{name: "a_file_for_a_folder", env: map[string]string{"BARAZA_DATA": file},
			want: `the data folder ` + file + ` cannot be made: mkdir ` + file + `: not a directory`},
		{name: "no_database_there", external: true, env: map[string]string{"DATABASE_URL": unreachable.String()},
			want: "DATABASE_URL: the database cannot be reached: failed to connect to `user=baraza_app database=baraza`: …connection refused"},
		{name: "wrong_password", external: true, env: map[string]string{"DATABASE_URL": strings.Replace(store.url("baraza_app"), "@", "x@", 1)},
			want: "DATABASE_URL: the database cannot be reached: failed to connect to `user=baraza_app database=" + store.name + "`: …password authentication failed…"},
		{name: "superuser", external: true, env: map[string]string{"DATABASE_URL": superuser},
			want: `DATABASE_URL: role "postgres" could bypass row-level security (superuser true, bypassrls true, createrole true); connect as baraza_app`},
		{name: "superuser_for_the_platform", external: true, env: map[string]string{"BARAZA_PLATFORM_DATABASE_URL": superuser},
			want: `BARAZA_PLATFORM_DATABASE_URL: role "postgres" could bypass row-level security (superuser true, bypassrls true, createrole true); connect as baraza_platform`},
		{name: "roles_swapped", external: true, env: map[string]string{"DATABASE_URL": store.url("baraza_platform"), "BARAZA_PLATFORM_DATABASE_URL": store.url("baraza_app")},
			want: `DATABASE_URL: this database URL connects as "baraza_platform" (acting as "baraza_platform"); it must connect as baraza_app`},
		{name: "an_owner", external: true, env: map[string]string{"DATABASE_URL": store.url("baraza_migrate")},
			want: `DATABASE_URL: this database URL connects as "baraza_migrate" (acting as "baraza_owner"); it must connect as baraza_app`},
		{name: "no_schema", external: true, env: database(empty),
			want: "DATABASE_URL: the database lacks …: run `npx dbmate --migrations-dir db/migrations up`"},
		{name: "newer_schema", external: true, env: database(newer),
			want: `DATABASE_URL: the database has migrations this Baraza does not know (99990101000000): start a Baraza at least as new as the database`},
		{name: "a_wall_taken_down", external: true, env: database(open),
			want: `DATABASE_URL: the tenancy lint finds 1 violations: …contacts…`},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := map[string]string{}
			if c.external {
				for name, value := range given {
					env[name] = value
				}
			}
			for name, value := range c.env {
				env[name] = value
			}
			p := newProgram(t, env)
			args := c.args
			if len(args) == 0 {
				args = []string{"serve"}
			}
			out, code := p.command(args...)
			require.Equal(t, 1, code, out)
			require.NotContains(t, out, password, "no password of an address is shown")
			requireSentence(t, "baraza: "+c.want, lastLine(out))
		})
	}
}

func lastLine(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return lines[len(lines)-1]
}

// requireSentence compares with a wanted text in which … stands for anything.
func requireSentence(t *testing.T, want, got string) {
	t.Helper()
	rest := got
	for i, part := range strings.Split(want, "…") {
		at := strings.Index(rest, part)
		require.True(t, at == 0 || at > 0 && i > 0, fmt.Sprintf("want %q\n got %q", want, got))
		rest = rest[at+len(part):]
	}
	require.True(t, rest == "" || strings.HasSuffix(want, "…"), fmt.Sprintf("want %q\n got %q", want, got))
}

// alter changes a database as its superuser.
func alter(t *testing.T, d *ownDatabase, statement string) {
	t.Helper()
	_, err := d.admin().Exec(context.WithoutCancel(t.Context()), statement)
	require.NoError(t, err)
}
