package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
)

func TestPlatform(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	require.NoError(t, d.Platform.Ping(t.Context()))

	// The narrow policies of the platform's role: what it may see of all tenants, and what of none.
	found, err := db.All[uuid.UUID](t.Context(), d.Platform, `select tenant_id from teams where tenant_id = any($1)`,
		[]uuid.UUID{tenantOf(d.A), tenantOf(d.B)})
	require.NoError(t, err)
	require.Len(t, found, 2)
	for _, sql := range []string{`select wrapped from tenant_keys`, `select text from messages`, `select name from contacts`,
		`select sealed_credentials from channels`, `delete from memberships`, `update roles set name = name`} {
		_, err := db.Exec(t.Context(), d.Platform, sql)
		require.ErrorContains(t, err, "42501", sql)
	}

	undo := errors.New("undo")
	id := db.NewID()
	insert := func(then error) error {
		return d.Platform.Tx(t.Context(), func(tx *db.PlatformTx) error {
			if _, err := db.Exec(t.Context(), tx, `insert into tenants (id, slug, name) values ($1, $2, 'Acme')`, id, id.String()); err != nil {
				return err
			}
			err := db.PlatformBulk(t.Context(), tx, func(raw pgx.Tx) error {
				_, err := raw.Exec(t.Context(), `insert into teams (tenant_id, id, name) select $1, gen_random_uuid(), unnest($2::text[])`, id, []string{"a", "b"})
				return err
			})
			return errors.Join(err, then)
		})
	}
	count := func() int {
		n, err := db.One[int](t.Context(), d.Platform, `select count(*) from teams where tenant_id = $1`, id)
		require.NoError(t, err)
		return n
	}
	require.ErrorIs(t, insert(undo), undo)
	require.Zero(t, count())
	require.NoError(t, insert(nil))
	require.Equal(t, 2, count())
	require.ErrorIs(t, insert(nil), domain.ErrExists)

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, d.Platform.Ping(cancelled), domain.ErrUnavailable)
	_, err = db.One[int](cancelled, d.Platform, `select 1`)
	require.ErrorIs(t, err, domain.ErrUnavailable)
	require.ErrorIs(t, d.Platform.Tx(cancelled, func(*db.PlatformTx) error { return nil }), domain.ErrUnavailable)
}

// ARCHITECTURE §5: one instance reads a shard, and how many share them is known.
func TestLocks(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ctx := t.Context()
	class := int32(uuid.New().ID()) // of this test alone; negative ones count too
	open := func() *db.Locks {
		l, err := d.Platform.OpenLocks(ctx)
		require.NoError(t, err)
		return l
	}
	try := func(l *db.Locks, key int32) bool {
		held, err := l.Try(ctx, class, key)
		require.NoError(t, err)
		return held
	}
	sharers := func(l *db.Locks) int {
		n, err := l.Sharers(ctx, class, -1)
		require.NoError(t, err)
		return n
	}
	one, two := open(), open()
	t.Cleanup(func() { two.Close(context.Background()) })

	require.True(t, try(one, 0))
	require.False(t, try(two, 0))
	require.True(t, try(two, 1), "keys are apart")
	require.NoError(t, one.Free(ctx, class, 0))
	require.True(t, try(two, 0))
	require.NoError(t, two.Free(ctx, class, 0))
	require.True(t, try(one, 0))

	require.Zero(t, sharers(one))
	require.NoError(t, one.Join(ctx, class, -1))
	require.NoError(t, two.Join(ctx, class, -1))
	require.Equal(t, 2, sharers(one))
	require.NoError(t, two.Join(ctx, class+1, -1))
	require.Equal(t, 2, sharers(two), "another class is another matter")

	one.Close(ctx)
	dbtest.Eventually(t, "the locks of a closed connection are free", func() bool { return sharers(two) == 1 && try(two, 0) })
	for _, err := range []error{
		func() error { _, err := one.Try(ctx, class, 5); return err }(), one.Free(ctx, class, 0), one.Join(ctx, class, -1),
		func() error { _, err := one.Sharers(ctx, class, -1); return err }(),
	} {
		require.ErrorIs(t, err, domain.ErrUnavailable, "and its holder is told")
	}

	// The server's side can go as well.
	three := open()
	require.True(t, try(three, 7))
	admin := connect(t, d.URLs.Admin)
	mustExec(t, admin, `
		select pg_terminate_backend(pid, 5000) from pg_locks
		where locktype = 'advisory' and classid = $1::bigint::oid and objid = 7`, int64(uint32(class)))
	_, err := three.Sharers(ctx, class, -1)
	require.ErrorIs(t, err, domain.ErrUnavailable)
	require.True(t, try(two, 7))
	three.Close(ctx)
	three.Close(ctx)
}

func TestNewID(t *testing.T) {
	t.Parallel()
	var ids []uuid.UUID
	for range 1000 {
		ids = append(ids, db.NewID())
	}
	require.True(t, slices.IsSortedFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }), "made in order")
	require.Equal(t, uuid.Version(7), ids[0].Version())
	require.WithinDuration(t, time.Now(), time.Unix(ids[999].Time().UnixTime()), time.Minute)
}
