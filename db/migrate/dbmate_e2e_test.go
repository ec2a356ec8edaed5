//go:build e2e

package migrate

import (
	"bytes"
	_ "embed"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
)

var update = flag.Bool("update", false, "write db/schema.sql instead of comparing it")

//go:embed testdata/catalogue.sql
var catalogueSQL string

// fact is one line of the catalogue.
type fact struct {
	About, Fact string
	Dumped      bool // a dump without owners and privileges carries it
}

func catalogue(t *testing.T, admin string) []fact {
	t.Helper()
	rows, err := connect(t, admin).Query(t.Context(), catalogueSQL)
	require.NoError(t, err)
	facts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[fact])
	require.NoError(t, err)
	require.NotEmpty(t, facts)
	return facts
}

// same reports the differing facts instead of two long lists.
func same(t *testing.T, want, got []fact, message string) {
	t.Helper()
	without := func(all, others []fact) (rest []fact) {
		for _, f := range all {
			if !slices.Contains(others, f) {
				rest = append(rest, f)
			}
		}
		return rest
	}
	require.Empty(t, without(want, got), "missing: "+message)
	require.Empty(t, without(got, want), "too much: "+message)
	require.Len(t, got, len(want), message)
}

func dumped(facts []fact) []fact {
	return slices.DeleteFunc(slices.Clone(facts), func(f fact) bool { return !f.Dumped })
}

func dbmate(t *testing.T, url, dir string, arguments ...string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir, err = filepath.Abs(dir)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, "scripts", "dbmate"), append([]string{"--url", url, "--migrations-dir", dir}, arguments...)...)
	// pg_dump beside the server fits it; the first in the path may be older.
	cmd.Env = append(os.Environ(), "PATH="+server.BinDir()+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// suites are the migrations of this package's tests and the product's own.
func suites() map[string]string {
	return map[string]string{"a small shop": "testdata/shop", "the product": "../migrations"}
}

// OP-12: dbmate and the applier make the same database and keep the same book.
func TestDbmateAndApplierAgree(t *testing.T) {
	t.Parallel()
	for name, dir := range suites() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := os.DirFS(dir)
			byDbmate, dbmateAdmin := database(t)
			dbmate(t, byDbmate, dir, "--no-dump-schema", "up")
			byApplier, applierAdmin := database(t)
			require.NoError(t, Up(t.Context(), byApplier, files))
			same(t, catalogue(t, dbmateAdmin), catalogue(t, applierAdmin), "by the applier")
			require.Equal(t, versions(t, byDbmate), versions(t, byApplier))
			require.NoError(t, Check(t.Context(), connect(t, byDbmate), files))

			// Each goes on where the other stopped.
			dbmate(t, byApplier, dir, "--no-dump-schema", "down")
			require.NoError(t, Down(t.Context(), byDbmate, files))
			require.NoError(t, Up(t.Context(), byApplier, files))
			dbmate(t, byDbmate, dir, "--no-dump-schema", "up")
			same(t, catalogue(t, dbmateAdmin), catalogue(t, applierAdmin), "after going on")
		})
	}
}

// OP-12: every migration can be taken back and leaves nothing; up again makes the same.
func TestDownToZeroAndUpAgain(t *testing.T) {
	t.Parallel()
	for name, dir := range suites() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := os.DirFS(dir)
			url, admin := database(t)
			require.NoError(t, Up(t.Context(), url, emptyFiles()))
			before := catalogue(t, admin)
			require.NoError(t, Up(t.Context(), url, files))
			full := catalogue(t, admin)
			for range versions(t, url) {
				require.NoError(t, Down(t.Context(), url, files))
			}
			require.Empty(t, versions(t, url))
			same(t, before, catalogue(t, admin), "after taking all back")
			require.NoError(t, Up(t.Context(), url, files))
			same(t, full, catalogue(t, admin), "up again")
		})
	}
}

func emptyFiles() fs.FS { return files() }

// What psql understands and the server does not, and what changes with the minor version.
var notSQL = regexp.MustCompile(`(?m)^(\\.*|-- Dumped (from|by) .*)\n`)

// OP-12: the committed schema.sql is what the migrations make. With -update it is
// written, by the pg_dump beside the server in BARAZA_PG_BIN.
func TestSchemaFile(t *testing.T) {
	t.Parallel()
	const committed = "../schema.sql"
	url, admin := database(t)
	require.NoError(t, Up(t.Context(), url, db.Migrations()))
	if *update {
		dump := filepath.Join(t.TempDir(), "schema.sql")
		dbmate(t, admin, "../migrations", "--schema-file", dump, "dump")
		text, err := os.ReadFile(dump)
		require.NoError(t, err)
		text = append(bytes.TrimSpace(notSQL.ReplaceAll(text, nil)), '\n')
		require.NoError(t, os.WriteFile(committed, text, 0o644))
	}
	text, err := os.ReadFile(committed)
	require.NoError(t, err, "scripts/schema.sh writes it")
	_, loaded := database(t)
	conn := connect(t, loaded)
	// The dump makes the schema it finds here.
	_, err = conn.PgConn().Exec(t.Context(), string(notSQL.ReplaceAll(text, nil))).ReadAll()
	require.NoError(t, err)
	same(t, dumped(catalogue(t, admin)), dumped(catalogue(t, loaded)), "in schema.sql; scripts/schema.sh writes it anew")
	require.Equal(t, versions(t, admin), versions(t, loaded))
}

// The comparisons above are worth what the catalogue sees.
func TestCatalogueSeesEveryChange(t *testing.T) {
	t.Parallel()
	url, admin := database(t)
	require.NoError(t, Up(t.Context(), url, shop()))
	conn := connect(t, admin)
	before := catalogue(t, admin)
	for _, change := range []string{
		`alter table shops add column extra text`,
		`alter table shops alter column extra set default 'x'`,
		`alter table shops alter column extra set not null`,
		`alter table shops alter column extra type varchar(10)`,
		`alter table shops no force row level security`,
		`alter table shops set (fillfactor = 80)`,
		`alter table shops drop constraint shops_name_check`,
		`alter table orders drop constraint orders_shop_id_fkey`,
		`alter table orders add foreign key (shop_id) references shops on delete cascade not valid`,
		`alter policy own on shops using (true)`,
		`alter policy own on shops to baraza_platform`,
		`create index on orders (id)`,
		`create or replace function order_total(shop uuid) returns numeric language sql volatile begin atomic select 1.0; end`,
		`alter function order_total(uuid) security definer`,
		`alter function order_total(uuid) owner to baraza_search`,
		`revoke execute on function order_total(uuid) from public`,
		`revoke insert on shops from baraza_app`,
		`grant update (name) on shops to baraza_app`,
		`alter table orders owner to baraza_platform`,
		`create type mood as enum ('good')`,
		`alter type mood add value 'bad'`,
		`create function tick() returns trigger language plpgsql as 'begin return new; end'`,
		`create trigger tick before insert on orders for each row execute function tick()`,
		`alter table orders disable trigger tick`,
		`create sequence s`,
		`alter sequence s cycle`,
		`create view v as select 1 as one`,
		`create or replace view v as select 2 as one`,
		`comment on table orders is 'sold'`,
		`grant usage on schema public to baraza_migrate`,
		`alter default privileges in schema public grant select on tables to baraza_app`,
		`create extension btree_gin`,
		`create schema other`,
	} {
		_, err := conn.Exec(t.Context(), change)
		require.NoError(t, err, change)
		after := catalogue(t, admin)
		require.NotEqual(t, before, after, change)
		before = after
	}
}
