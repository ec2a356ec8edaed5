package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/tenancy"
)

// I2, SE-02, TN-02: every tenant table of the catalogue, tried with every statement in
// every state a connection can be in: no row of another tenant is read or changed.
func TestIsolation(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	admin := connect(t, d.URLs.Admin)
	tables := tenantTables(t, admin)
	require.NotEmpty(t, tables)
	require.Equal(t, slices.Sorted(maps.Keys(tables)), slices.Sorted(maps.Keys(factories())),
		"each tenant table has a factory in isolation_factories_test.go, and each factory a table")

	var tried atomic.Int64
	t.Run("tables", func(t *testing.T) {
		for name, table := range tables {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				tried.Add(tryTable(t, d, tables, table))
			})
		}
	})
	t.Logf("%d tables, %d statements, %d states: %d cases", len(tables), len(statements), len(states), tried.Load())

	t.Run("what_is_no_tenant's", func(t *testing.T) {
		t.Parallel()
		global, err := db.All[string](t.Context(), d.Platform, `
			select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where c.relkind in ('r', 'p', 'm') and n.nspname in ('public', 'river')
			  and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not c.relispartition)
			  and not exists (select from tenancy_exempt e where e.rule = 'R38' and e.object = n.nspname || '.' || c.relname)
			order by 1`)
		require.NoError(t, err)
		require.Contains(t, global, "public.users")
		require.Contains(t, global, "river.river_job")
		for _, name := range global { // partitions among them: they know no policy
			for _, sql := range []string{`select count(*) from `, `delete from `, `truncate `, `copy `} {
				if sql == `copy ` {
					name += ` to stdout`
				}
				require.NoError(t, d.Tenant.Direct(d.A, func(c *pgx.Conn) error {
					_, err := c.Exec(d.A, sql+name)
					require.Equal(t, "42501", sqlState(err), sql+name)
					return nil
				}))
			}
		}
	})
}

// stage is one table with two tenants' rows, a pool of one connection behind the wall,
// and a connection of the same role that has no tenant.
type stage struct {
	table     table
	pool      *db.Tenant
	lost      *pgx.Conn
	worlds    [2]*world
	cancelled bool
}

func (s *stage) scope(ctx context.Context, i int) context.Context {
	return tenancy.With(ctx, tenancy.System(s.worlds[i].tenant))
}

func tryTable(t *testing.T, d dbtest.DB, tables map[string]table, table table) (tried int64) {
	t.Helper()
	admin := connect(t, d.URLs.Admin)
	s := &stage{table: table, pool: openHandle(t, d, db.TenantConfig{MaxConns: 1}), lost: connect(t, d.URLs.App)}
	for i := range s.worlds {
		s.worlds[i] = newWorld(t, admin, tables)
		s.worlds[i].row(table.Name)
		s.worlds[i].spare(table.Name)
	}
	for _, state := range states {
		for _, statement := range statements {
			tried++
			// In a state without a tenant the acting one is nobody, and both are foreign.
			own, foreign := s.worlds[state.acts], s.worlds[1-state.acts]
			a := attack{table: table, own: own, foreign: foreign}
			if statement.prepare != nil {
				statement.prepare(&a)
			}
			before, count := fingerprints(t, admin, table.Name, own.tenant, foreign.tenant)
			a.count = count
			var out outcome
			state.with(t, s, func(ctx context.Context, c *pgx.Conn) { out = statement.run(ctx, c, a) })
			name := fmt.Sprintf("%s: %s: %s", table.Name, state.name, statement.name)

			var touched []uuid.UUID
			for _, tenant := range out.tenants {
				require.False(t, state.lost, "%s: a row of %s", name, tenant)
				require.Equal(t, own.tenant, tenant, name)
				touched = append(touched, tenant)
			}
			after, _ := fingerprints(t, admin, table.Name, own.tenant, foreign.tenant)
			require.Equal(t, before.foreign, after.foreign, "%s: a foreign row was changed", name)
			if state.lost {
				require.Equal(t, before.own, after.own, "%s: a row was changed without a tenant", name)
			}
			want := statement.want(a)
			switch {
			case !statement.granted(table):
				require.Equal(t, "42501", sqlState(out.err), "%s: %v", name, out.err)
			case state.lost && !statement.refused:
				// Nothing to see and nothing to do: an insert is refused, the rest finds no row.
				if out.err != nil {
					require.Contains(t, []string{"42501", "23502"}, sqlState(out.err), "%s: %v", name, out.err)
				}
				require.Zero(t, out.n, name)
			case statement.refused && (!state.lost || statement.refusedAlways):
				require.Contains(t, []string{"42501", "0A000"}, sqlState(out.err), "%s: %v", name, out.err)
			case statement.refused:
				require.Zero(t, out.n, name)
			default:
				// The wall lets its own through, or the rest would prove nothing.
				require.NoError(t, out.err, name)
				require.EqualValues(t, want, out.n, name)
				require.Len(t, touched, int(want), name)
			}
		}
	}
	return tried
}

// prints are all bytes of the own and the foreign rows, with where they lie and who wrote them.
type prints struct{ own, foreign string }

func fingerprints(t *testing.T, admin *pgx.Conn, table string, own, foreign uuid.UUID) (p prints, count int64) {
	t.Helper()
	require.NoError(t, admin.QueryRow(t.Context(), `
		with seen as (select tenant_id, md5(concat_ws(' ', x.tableoid, x.ctid, x.xmin, x::text)) as print from `+table+` x where tenant_id in ($1, $2))
		select coalesce(string_agg(print, '' order by print) filter (where tenant_id = $1), ''),
		       coalesce(string_agg(print, '' order by print) filter (where tenant_id = $2), ''),
		       count(*) filter (where tenant_id = $1)
		from seen`, own, foreign).Scan(&p.own, &p.foreign, &count))
	require.NotEmpty(t, p.foreign, "there is something to lose")
	return p, count
}

func sqlState(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return fmt.Sprint(err)
}

// state is how a connection comes to the statement, and for whom.
type state struct {
	name string
	lost bool // no tenant is set
	acts int  // whose statement it is, else
	with func(t *testing.T, s *stage, do func(context.Context, *pgx.Conn))
}

var states = []state{
	{"no tenant", true, 0, func(t *testing.T, s *stage, do func(context.Context, *pgx.Conn)) {
		mustExec(t, s.lost, `reset app.tenant_id`)
		do(t.Context(), s.lost)
	}},
	{"cleared", true, 0, func(t *testing.T, s *stage, do func(context.Context, *pgx.Conn)) {
		mustExec(t, s.lost, `select set_config('app.tenant_id', $1, false)`, s.worlds[0].tenant.String())
		mustExec(t, s.lost, `select set_config('app.tenant_id', '', false)`)
		do(t.Context(), s.lost)
	}},
	{"A", false, 0, func(t *testing.T, s *stage, do func(context.Context, *pgx.Conn)) { s.as(t, 0, do) }},
	after("A then B", func(ctx context.Context, t *testing.T, s *stage, c *pgx.Conn) {
		_, err := c.Exec(ctx, `select count(*) from `+s.table.Name)
		require.NoError(t, err)
	}),
	after("after rollback", func(ctx context.Context, t *testing.T, s *stage, c *pgx.Conn) {
		undo := errors.New("undo")
		require.ErrorIs(t, pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `select count(*) from `+s.table.Name)
			return errors.Join(err, undo)
		}), undo)
	}),
	after("after error", func(ctx context.Context, t *testing.T, s *stage, c *pgx.Conn) {
		_, err := c.Exec(ctx, `select 1 / count(*) from `+s.table.Name+` where false`)
		require.Equal(t, "22012", sqlState(err))
	}),
	after("after cancel", func(ctx context.Context, t *testing.T, s *stage, c *pgx.Conn) {
		if s.cancelled {
			return // it costs the connection; once per table is enough
		}
		s.cancelled = true
		ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		_, err := c.Exec(ctx, `select pg_sleep(10), count(*) from `+s.table.Name)
		require.Error(t, err)
	}),
	after("after timeout", func(ctx context.Context, t *testing.T, s *stage, c *pgx.Conn) {
		require.Equal(t, "57014", sqlState(pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `set local statement_timeout = '1ms'`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `select pg_sleep(10), count(*) from `+s.table.Name)
			return err
		})))
	}),
}

// after lets A use the pool's one connection first; B then gets what A left.
func after(name string, before func(context.Context, *testing.T, *stage, *pgx.Conn)) state {
	return state{name, false, 1, func(t *testing.T, s *stage, do func(context.Context, *pgx.Conn)) {
		s.as(t, 0, func(ctx context.Context, c *pgx.Conn) { before(ctx, t, s, c) })
		s.as(t, 1, do)
	}}
}

func (s *stage) as(t *testing.T, i int, do func(context.Context, *pgx.Conn)) {
	t.Helper()
	ctx := s.scope(t.Context(), i)
	require.NoError(t, s.pool.Direct(ctx, func(c *pgx.Conn) error { do(ctx, c); return nil }))
}

// attack is what a statement is about.
type attack struct {
	table        table
	own, foreign *world
	row          row   // made by prepare
	count        int64 // of own rows
}

// outcome says which tenants' rows were seen or touched, how many, and what went wrong.
type outcome struct {
	tenants []uuid.UUID
	n       int64
	err     error
}

type statement struct {
	name          string
	needs         func(table) bool
	refused       bool // whoever tries it, as foreign rows are named
	refusedAlways bool // without a tenant too, where others find no row
	prepare       func(*attack)
	run           func(context.Context, *pgx.Conn, attack) outcome
	want          func(attack) int64
}

func (s statement) granted(t table) bool { return s.needs(t) }

func reads(t table) bool   { return t.Select }
func inserts(t table) bool { return t.Select && t.Insert }
func updates(t table) bool { return t.Select && t.Update }
func deletes(t table) bool { return t.Select && t.Delete }

func none(attack) int64      { return 0 }
func one(attack) int64       { return 1 }
func every(a attack) int64   { return a.count }
func freshOwn(a *attack)     { a.row = a.own.fresh(a.table.Name) }
func spareOwn(a *attack)     { a.row = a.own.spare(a.table.Name) }
func freshForeign(a *attack) { a.row = a.foreignRow() }

// foreignRow is a row the other tenant could insert. Where it can have but one, that
// one: the wall is asked before the key.
func (a *attack) foreignRow() row {
	if a.table.single() {
		return a.foreign.row(a.table.Name)
	}
	return a.foreign.fresh(a.table.Name)
}

var statements = []statement{
	{name: "select", needs: reads, want: every, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return collect(ctx, c, `select tenant_id from `+a.table.Name)
	}},
	{name: "select by key", needs: reads, want: none, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		where, args := a.keyOf(a.foreign.row(a.table.Name).of(a.foreign.tenant))
		return collect(ctx, c, `select tenant_id from `+a.table.Name+` where `+where, args...)
	}},
	{name: "count", needs: reads, want: every, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return collect(ctx, c, `select tenant_id from (
			select count(*) over () as n, row_number() over () as i, tenant_id from `+a.table.Name+`) x where i <= n`)
	}},
	{name: "insert own", needs: inserts, prepare: freshOwn, want: one, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		sql, args := insert(a.table.Name, a.row)
		return collect(ctx, c, sql+` returning tenant_id`, args...)
	}},
	{name: "insert foreign", needs: inserts, refused: true, refusedAlways: true, prepare: freshForeign, want: none,
		run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
			sql, args := insert(a.table.Name, a.row.of(a.foreign.tenant))
			return exec(ctx, c, sql, args...)
		}},
	{name: "update", needs: updates, want: every, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return collect(ctx, c, `update `+a.table.Name+` set `+a.table.settable()+` = `+a.table.settable()+` returning tenant_id`)
	}},
	{name: "update by key", needs: updates, want: none, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		where, args := a.keyOf(a.foreign.row(a.table.Name).of(a.foreign.tenant))
		return exec(ctx, c, `update `+a.table.Name+` set `+a.table.settable()+` = `+a.table.settable()+` where `+where, args...)
	}},
	{name: "update tenant_id", needs: updates, refused: true, want: none, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return exec(ctx, c, `update `+a.table.Name+` set tenant_id = $1`, a.foreign.tenant)
	}},
	{name: "delete", needs: deletes, prepare: spareOwn, want: one, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		own, args := a.keyOf(a.row.of(a.own.tenant))
		foreign, more := a.keyOf(a.foreign.row(a.table.Name).of(a.foreign.tenant), args...)
		return collect(ctx, c, `delete from `+a.table.Name+` where (`+own+`) or (`+foreign+`) returning tenant_id`, more...)
	}},
	{name: "delete all", needs: deletes, want: every, run: func(ctx context.Context, c *pgx.Conn, a attack) (out outcome) {
		// Without a condition the policies of select do not help those of delete.
		tx, err := c.Begin(ctx)
		if err != nil {
			return outcome{err: err}
		}
		tag, err := tx.Exec(ctx, `delete from `+a.table.Name)
		return a.owned(outcome{nil, tag.RowsAffected(), errors.Join(err, tx.Rollback(ctx))})
	}},
	{name: "upsert own", needs: func(t table) bool { return inserts(t) && updates(t) }, prepare: spareOwn, want: one,
		run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
			sql, args := insert(a.table.Name, a.row)
			return collect(ctx, c, sql+a.onConflict()+` returning tenant_id`, args...)
		}},
	{name: "upsert foreign", needs: func(t table) bool { return inserts(t) && updates(t) }, refused: true, refusedAlways: true, want: none,
		run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
			sql, args := insert(a.table.Name, a.foreign.row(a.table.Name).of(a.foreign.tenant))
			return exec(ctx, c, sql+a.onConflict(), args...)
		}},
	{name: "merge update", needs: updates, want: every, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return a.owned(exec(ctx, c, `merge into `+a.table.Name+` t using (select) s on true
			when matched then update set `+a.table.settable()+` = t.`+a.table.settable()))
	}},
	{name: "merge delete", needs: deletes, want: none, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return exec(ctx, c, `merge into `+a.table.Name+` t using (select $1::uuid as id) s on t.tenant_id = s.id when matched then delete`, a.foreign.tenant)
	}},
	{name: "merge insert", needs: inserts, refused: true, refusedAlways: true, prepare: freshForeign, want: none,
		run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
			sql, args := insert(a.table.Name, a.row.of(a.foreign.tenant))
			_, values, _ := strings.Cut(sql, `insert into `+a.table.Name)
			return exec(ctx, c, `merge into `+a.table.Name+` t using (select) s on false when not matched then insert `+values, args...)
		}},
	{name: "for update", needs: updates, want: every, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return collect(ctx, c, `select tenant_id from `+a.table.Name+` for update`)
	}},
	{name: "for key share", needs: updates, want: every, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return collect(ctx, c, `select tenant_id from `+a.table.Name+` for key share`)
	}},
	{name: "copy to", needs: reads, want: every, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return copyTo(ctx, c, `copy (select tenant_id from `+a.table.Name+`) to stdout`)
	}},
	{name: "copy table to", needs: reads, want: func(a attack) int64 {
		if a.table.Partitioned {
			return 0 // which Postgres calls success: exports copy a select (O19)
		}
		return a.count
	}, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return copyTo(ctx, c, `copy `+a.table.Name+` (tenant_id) to stdout`)
	}},
	{name: "copy from", needs: inserts, refused: true, refusedAlways: true, prepare: freshForeign, want: none,
		run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
			tag, err := c.PgConn().CopyFrom(ctx, strings.NewReader(a.foreign.tenant.String()+"\n"), `copy `+a.table.Name+` (tenant_id) from stdin`)
			return outcome{nil, tag.RowsAffected(), err}
		}},
	{name: "truncate", needs: func(table) bool { return false }, want: none, run: func(ctx context.Context, c *pgx.Conn, a attack) outcome {
		return exec(ctx, c, `truncate `+a.table.Name+` cascade`)
	}},
}

// keyOf is the condition that names one row by its primary key.
func (a attack) keyOf(r row, args ...any) (string, []any) {
	conditions := make([]string, 0, len(a.table.Key))
	for _, column := range a.table.Key {
		args = append(args, r[column])
		conditions = append(conditions, fmt.Sprintf("%s = $%d", column, len(args)))
	}
	return strings.Join(conditions, " and "), args
}

func (a attack) onConflict() string {
	return ` on conflict (` + strings.Join(a.table.Key, ", ") + `) do update set ` + a.table.settable() + ` = excluded.` + a.table.settable()
}

// owned is for statements that return no rows: their number, or the fingerprints, say whose they were.
func (a attack) owned(out outcome) outcome {
	out.tenants = slices.Repeat([]uuid.UUID{a.own.tenant}, int(out.n))
	return out
}

func collect(ctx context.Context, c *pgx.Conn, sql string, args ...any) outcome {
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return outcome{err: err}
	}
	tenants, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return outcome{tenants, int64(len(tenants)), err}
}

func exec(ctx context.Context, c *pgx.Conn, sql string, args ...any) outcome {
	tag, err := c.Exec(ctx, sql, args...)
	return outcome{nil, tag.RowsAffected(), err}
}

func copyTo(ctx context.Context, c *pgx.Conn, sql string) outcome {
	var text bytes.Buffer
	tag, err := c.PgConn().CopyTo(ctx, &text, sql)
	out := outcome{nil, tag.RowsAffected(), err}
	for _, line := range strings.Fields(text.String()) {
		out.tenants = append(out.tenants, uuid.MustParse(line))
	}
	return out
}
