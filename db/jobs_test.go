package db_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/tenancy"
)

// greet and wave are jobs nobody works: they are looked at where they are stored.
type greet struct {
	TeamID uuid.UUID `json:"team_id"`
}

func (greet) Kind() string { return "db_test.greet" }

type wave struct{}

func (wave) Kind() string  { return "db_test.wave" }
func (wave) Queue() string { return "send" }

type mute struct {
	Never chan int `json:"never"`
}

func (mute) Kind() string { return "db_test.mute" }

// C15, O20, G9: a job is stored with the tenant and person it acts for, and nothing but ids.
func TestEnqueue(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	enqueue := func(ctx context.Context, jobs ...db.Job) error {
		return d.Tenant.Tx(ctx, func(tx *db.Tx) error { return db.Enqueue(ctx, tx, jobs...) })
	}
	team := db.NewID()
	require.NoError(t, enqueue(d.A, greet{TeamID: team}, wave{}))
	at := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	require.NoError(t, d.Tenant.Tx(d.B, func(tx *db.Tx) error { return db.EnqueueAt(d.B, tx, at, greet{TeamID: team}) }))

	type stored struct {
		Args        string    `db:"args"`
		Queue       string    `db:"queue"`
		ScheduledAt time.Time `db:"scheduled_at"`
	}
	read := func(ctx context.Context, kind string) stored {
		row, err := db.One[stored](t.Context(), d.Platform, `
			select args::text as args, queue, scheduled_at from river.river_job where kind = $1 and args->>'tenant_id' = $2`,
			kind, tenantOf(ctx).String())
		require.NoError(t, err)
		return row
	}
	row := read(d.A, "db_test.greet")
	require.Equal(t, "default", row.Queue)
	require.WithinDuration(t, time.Now(), row.ScheduledAt, time.Minute)
	require.Equal(t, "send", read(d.A, "db_test.wave").Queue)
	require.WithinDuration(t, at, read(d.B, "db_test.greet").ScheduledAt, time.Millisecond)

	var job db.JobRow
	require.NoError(t, json.Unmarshal([]byte(row.Args), &job))
	require.Equal(t, tenantOf(d.A), job.TenantID)
	require.Equal(t, tenancy.From(d.A).UserID, job.UserID)
	var args greet
	require.NoError(t, json.Unmarshal(job.Args, &args))
	require.Equal(t, team, args.TeamID)
	require.Equal(t, []greet{{team}}, dbtest.Jobs[greet](t, d, d.A))
	require.Equal(t, "db_test.greet", db.JobRowOf("db_test.greet").Kind())

	require.ErrorContains(t, enqueue(d.A, greet{team}, mute{}), "encode job db_test.mute")
	require.Len(t, dbtest.Jobs[greet](t, d, d.A), 1, "all of them or none")

	for _, sql := range []string{
		`select count(*) from river.river_job`, `update river.river_job set queue = queue`, `delete from river.river_job`,
	} {
		_, err := db.Exec(d.A, d.Tenant, sql)
		require.ErrorContains(t, err, "42501", "tenants' code only adds jobs: %s", sql)
	}
}
