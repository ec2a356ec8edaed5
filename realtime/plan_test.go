package realtime

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/tenancy"
)

// I12: what a screen missed is one range of an index, in the largest tenant too, whether or not the planner knows where
// it begins; and so is what the sweep reads for all.
func TestReplayPlans(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	recorder := &dbtest.Recorder{}
	handle, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: d.URLs.App, Tracer: recorder, Patience: time.Minute})
	require.NoError(t, err)
	platform, err := db.OpenPlatform(t.Context(), d.URLs.Platform, 2, recorder)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, handle.Close()); require.NoError(t, platform.Close()) })
	admin, err := pgx.Connect(t.Context(), d.URLs.Admin)
	require.NoError(t, err)
	defer admin.Close(t.Context()) //nolint:errcheck // the test is over
	tenant := tenancy.From(d.A).TenantID
	_, err = admin.Exec(t.Context(), `
		insert into changes (tenant_id, id, xid, name, entity, entity_id, conversation_id)
		select case when n % 10 < 8 then $1 else gen_random_uuid() end, gen_random_uuid(), n, 'message.created', 'message', gen_random_uuid(), gen_random_uuid()
		from generate_series(1, 60000) n`, tenant)
	require.NoError(t, err)
	_, err = admin.Exec(t.Context(), `analyze changes`)
	require.NoError(t, err)

	var empty []string // scanned, they cost nothing
	require.NoError(t, admin.QueryRow(t.Context(), `
		select array_agg(inhrelid::regclass::text) from pg_inherits where inhparent = 'changes'::regclass and pg_relation_size(inhrelid) = 0`).Scan(&empty))

	check := func(name string, on *pgx.Conn, ledBy string) {
		statements := recorder.Take()
		require.Len(t, statements, 1, name)
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			tree, nodes := statements[0].Explain(t, on, mode)
			ranges := 0
			for _, n := range nodes {
				require.False(t, n.Type == "Seq Scan" && strings.HasPrefix(n.Relation, "changes") && !slices.Contains(empty, n.Relation), "%s, %s:\n%s", name, mode, tree)
				if strings.Contains(n.Index, "_xid_") && strings.Contains(n.Cond, ledBy) && strings.Contains(n.Cond, "xid >=") {
					ranges++
				}
			}
			require.Positive(t, ranges, "%s, %s:\n%s", name, mode, tree)
		}
	}
	_, changes, err := listReplay(d.A, handle, 59_000)
	require.NoError(t, err)
	require.NotEmpty(t, changes)
	require.NoError(t, handle.Direct(d.A, func(conn *pgx.Conn) error { check("replay", conn, "tenant_id"); return nil }))
	recorder.Take()
	ctx := context.WithoutCancel(t.Context())
	_, err = listSweep(ctx, platform, place{xid: 59_000, id: uuid.Nil}, 1<<62, []uuid.UUID{tenant})
	require.NoError(t, err)
	one, err := pgx.Connect(ctx, d.URLs.Platform)
	require.NoError(t, err)
	defer one.Close(ctx) //nolint:errcheck // the test is over
	check("sweep", one, "xid")
}
