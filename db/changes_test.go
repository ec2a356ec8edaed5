package db_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
)

func TestAppendChange(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	message, conversation, user := db.NewID(), db.NewID(), db.NewID()
	require.NoError(t, d.Tenant.Tx(d.A, func(tx *db.Tx) error {
		return db.AppendChange(d.A, tx,
			db.Change{Name: "message.created", Entity: "message", EntityID: message, ConversationID: conversation},
			db.Change{Name: "read.moved", Entity: "conversation", EntityID: conversation, ConversationID: conversation, UserID: user},
			db.Change{Name: "team.created", Entity: "team", EntityID: message})
	}))
	type row struct {
		TenantID       uuid.UUID  `db:"tenant_id"`
		Name           string     `db:"name"`
		EntityID       uuid.UUID  `db:"entity_id"`
		ConversationID *uuid.UUID `db:"conversation_id"`
		UserID         *uuid.UUID `db:"user_id"`
	}
	const list = `select tenant_id, name, entity_id, conversation_id, user_id from changes order by id`
	rows, err := db.All[row](d.A, d.Tenant, list)
	require.NoError(t, err)
	tenant := tenantOf(d.A)
	require.Equal(t, []row{
		{tenant, "message.created", message, &conversation, nil},
		{tenant, "read.moved", conversation, &conversation, &user},
		{tenant, "team.created", message, nil, nil},
	}, rows)
	rows, err = db.All[row](d.B, d.Tenant, list)
	require.NoError(t, err)
	require.Empty(t, rows)
	for _, sql := range []string{`update changes set name = name`, `delete from changes`} {
		_, err := db.Exec(d.A, d.Tenant, sql)
		require.ErrorContains(t, err, "42501", "what happened stays")
	}
}

// ARCHITECTURE §6, G11: everything below a snapshot's horizon has been seen in that snapshot, so a reader that goes on
// from there misses nothing, in whatever order transactions commit.
func TestChangesHorizon(t *testing.T) {
	t.Parallel()
	type row struct {
		ID  uuid.UUID `db:"id"`
		Xid int64     `db:"xid"`
	}
	type view struct {
		horizon int64
		rows    []row
	}
	look := func(t *testing.T, d dbtest.DB) (v view) {
		t.Helper()
		require.NoError(t, d.Tenant.Direct(d.A, func(c *pgx.Conn) error {
			rows, err := c.Query(d.A, `
				select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, id, xid
				from (select) one left join changes on true`)
			if err != nil {
				return err
			}
			var id *uuid.UUID
			var xid *int64
			_, err = pgx.ForEachRow(rows, []any{&v.horizon, &id, &xid}, func() error {
				if id != nil {
					v.rows = append(v.rows, row{*id, *xid})
				}
				return nil
			})
			return err
		}))
		return v
	}
	write := func(t *testing.T, d dbtest.DB, before func(*db.Tx)) uuid.UUID {
		id := db.NewID()
		err := d.Tenant.Tx(d.A, func(tx *db.Tx) error {
			if err := db.AppendChange(d.A, tx, db.Change{Name: "team.created", Entity: "team", EntityID: id}); err != nil {
				return err
			}
			before(tx)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		return id
	}

	t.Run("an_open_transaction_holds_it_back", func(t *testing.T) {
		t.Parallel()
		d := dbtest.New(t)
		written, free := make(chan int64), make(chan struct{})
		var slow sync.WaitGroup
		slow.Go(func() {
			write(t, d, func(tx *db.Tx) {
				xid, err := db.One[int64](d.A, tx, `select xid from changes order by id desc limit 1`)
				if err != nil {
					t.Error(err)
				}
				written <- xid
				<-free
			})
		})
		first := <-written
		write(t, d, func(*db.Tx) {}) // commits later, is seen earlier
		during := look(t, d)
		require.Len(t, during.rows, 1)
		require.Greater(t, during.rows[0].Xid, first)
		require.LessOrEqual(t, during.horizon, first, "the one that is not seen yet lies at or above the horizon")
		close(free)
		slow.Wait()
		after := look(t, d)
		require.Len(t, after.rows, 2)
		missed := slices.DeleteFunc(after.rows, func(r row) bool { return r.Xid < during.horizon })
		require.True(t, slices.ContainsFunc(missed, func(r row) bool { return r.Xid == first }), "going on from the horizon finds it")
	})

	t.Run("a_savepoint_does_not_change_it", func(t *testing.T) {
		t.Parallel()
		d := dbtest.New(t)
		var xids []int64
		require.NoError(t, d.Tenant.Tx(d.A, func(tx *db.Tx) error {
			return db.Bulk(d.A, tx, func(raw pgx.Tx) error {
				return pgx.BeginFunc(d.A, raw, func(inner pgx.Tx) error {
					return inner.QueryRow(d.A, `
						with written as (
							insert into changes (id, name, entity, entity_id) values (gen_random_uuid(), 'x', 'x', gen_random_uuid()) returning xid)
						select array[xid, pg_current_xact_id()::text::bigint] from written`).Scan(&xids)
				})
			})
		}))
		require.Equal(t, xids[0], xids[1])
	})

	t.Run("whoever_goes_on_from_it_misses_nothing", func(t *testing.T) {
		t.Parallel()
		d := dbtest.New(t)
		const writers, each = 6, 40
		var busy sync.WaitGroup
		for i := range writers {
			busy.Go(func() {
				for n := range each {
					write(t, d, func(tx *db.Tx) {
						if (i+n)%3 == 0 { // some take longer than others
							if _, err := db.Exec(d.A, tx, `select pg_sleep(0.002)`); err != nil {
								t.Error(err)
							}
						}
					})
				}
			})
		}
		done := make(chan struct{})
		go func() { busy.Wait(); close(done) }()
		var views []view
		for open := true; open; {
			select {
			case <-done:
				open = false
			default:
			}
			views = append(views, look(t, d))
		}
		all := look(t, d).rows
		require.Len(t, all, writers*each)
		for _, v := range views {
			seen := map[uuid.UUID]bool{}
			for _, r := range v.rows {
				seen[r.ID] = true
			}
			for _, r := range all {
				require.True(t, r.Xid >= v.horizon || seen[r.ID], "change %s of %d is below the horizon %d and was not seen", r.ID, r.Xid, v.horizon)
			}
		}
		t.Logf("%d views of %d changes", len(views), len(all))
	})
}

func partitions(t *testing.T, q db.PlatformQueryer) []string {
	t.Helper()
	names, err := db.All[string](t.Context(), q, `
		select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
		where i.inhparent = 'public.changes'::regclass order by 1`)
	require.NoError(t, err)
	return names
}

// GROUND 25: day partitions are made ahead, old ones dropped, as often as it is asked and by several at once.
func TestMaintainChanges(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	maintain := func(ctx context.Context, ahead, keep int) error {
		_, err := db.Exec(ctx, d.Platform, `select maintain_changes($1, $2)`, ahead, keep)
		return err
	}
	today := time.Now().UTC()
	names := func(from, to int) (list []string) {
		for n := from; n <= to; n++ {
			list = append(list, "changes_"+today.AddDate(0, 0, n).Format("2006_01_02"))
		}
		return list
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := maintain(t.Context(), 5, 3); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, names(-1, 5), partitions(t, d.Platform))

	admin := connect(t, d.URLs.Admin)
	for _, age := range []int{2, 3, 4, 40} {
		day := today.AddDate(0, 0, -age)
		mustExec(t, admin, `create table `+names(-age, -age)[0]+` partition of changes for values from ('`+
			day.Format(time.DateOnly)+`') to ('`+day.AddDate(0, 0, 1).Format(time.DateOnly)+`')`)
	}
	write := func(at time.Time) error {
		return d.Tenant.Tx(d.A, func(tx *db.Tx) error {
			_, err := db.Exec(d.A, tx, `insert into changes (id, at, name, entity, entity_id) values ($1, $2, 'x', 'x', $1)`, db.NewID(), at)
			return err
		})
	}
	require.NoError(t, write(today.AddDate(0, 0, -4)))
	require.NoError(t, write(today.AddDate(0, 0, -3)))
	require.NoError(t, maintain(t.Context(), 6, 3))
	require.Equal(t, names(-3, 6), partitions(t, d.Platform), "those of the last three days stay")
	n, err := db.One[int](d.A, d.Tenant, `select count(*) from changes`)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoError(t, write(today.AddDate(0, 0, 6)))
	require.Error(t, write(today.AddDate(0, 0, 7)), "no partition, no row")

	require.Empty(t, violations(t, admin), "what the function makes obeys the lint")
	_, err = db.Exec(d.A, d.Tenant, `select maintain_changes(1, 1)`)
	require.ErrorContains(t, err, "42501", "the platform alone")
	for _, partition := range partitions(t, d.Platform) {
		_, err := db.Exec(d.A, d.Tenant, `select from `+partition)
		require.ErrorContains(t, err, "42501", "a partition knows no policy (O8)")
	}
}
