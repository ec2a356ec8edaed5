package activity

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

type shown struct {
	UserID     string `db:"user_id"`
	Type       string `db:"type"`
	Path       string `db:"path"`
	DurationMS int64  `db:"duration_ms"`
	Meta       string `db:"meta"`
	IP         string `db:"ip"`
	UserAgent  string `db:"user_agent"`
}

func list(t *testing.T, d dbtest.DB, ctx context.Context) []shown {
	t.Helper()
	rows, err := db.All[shown](ctx, d.Tenant, `select user_id::text, type, path, duration_ms, meta::text, ip, user_agent from activities order by id`)
	require.NoError(t, err)
	return rows
}

// AC-01, AC-02: every type, with what the server knows of who, when and from where.
func TestTrack(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	a := &Activities{DB: d.Tenant}
	ctx := domain.WithRequest(d.A, domain.Request{IP: "203.0.113.9", UserAgent: "Firefox"})
	types := []Type{Login, Logout, PageView, ChatMessage, ChatSessionStart, ChatSessionEnd, DashboardView, LogSearch, LogView, Export, SettingsChange}
	for _, kind := range types {
		_, err := a.Track(ctx, Track{Type: string(kind), Path: "/t/x/inbox", Duration: 1500, Meta: map[string]any{"tab": "mine"}})
		require.NoError(t, err)
	}
	rows := list(t, d, d.A)
	require.Len(t, rows, 11)
	for i, row := range rows {
		require.Equal(t, shown{tenancy.From(d.A).UserID.String(), string(types[i]), "/t/x/inbox", 1500, `{"tab": "mine"}`, "203.0.113.9", "Firefox"}, row)
	}

	_, err := a.Track(ctx, Track{Type: "PAGE_VIEW", Meta: map[string]any{"x": strings.Repeat("x", maxMeta)}})
	require.Equal(t, domain.Invalid, domain.As(err).Kind)
	require.Error(t, a.Record(ctx, Doing{Type: "SOMETHING"}))
	require.Len(t, list(t, d, d.A), 11)
	require.Empty(t, list(t, d, d.B))
}

// AC-12: what is older than 90 days goes, of every tenant, and nothing else.
func TestSweep(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	for _, ctx := range []context.Context{d.A, d.B} {
		require.NoError(t, d.Tenant.Tx(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `
				insert into activities (id, user_id, type, at)
				select gen_random_uuid(), $1, 'PAGE_VIEW', now() - make_interval(days => n / 100) from generate_series(0, 11999) n`, tenancy.From(ctx).UserID)
			return err
		}))
	}
	now := time.Now()
	require.NoError(t, (&Sweeper{DB: d.Platform}).Sweep(t.Context(), now))
	for _, ctx := range []context.Context{d.A, d.B} {
		n, err := db.One[int](ctx, d.Tenant, `select count(*) from activities`)
		require.NoError(t, err)
		require.Equal(t, 9000, n)
	}
	require.NoError(t, (&Sweeper{DB: d.Platform}).Sweep(t.Context(), now.Add(kept)))
	require.Empty(t, list(t, d, d.A))
}
