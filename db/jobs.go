package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"baraza/tenancy"
)

// JobSchema is where River's tables live.
const JobSchema = "river"

// Job is work to be done after the commit. Its fields are ids and enums only: the
// job table is shared by all tenants.
type Job interface{ Kind() string }

// Queued is a Job that wants another queue than "default".
type Queued interface{ Queue() string }

// JobRow is what is stored: the job with the tenant and person it is done for.
type JobRow struct {
	TenantID uuid.UUID       `json:"tenant_id"`
	UserID   uuid.UUID       `json:"user_id"`
	Args     json.RawMessage `json:"args"`
	kind     string
}

// JobRowOf names a kind, for registering its worker.
func JobRowOf(kind string) JobRow { return JobRow{kind: kind} }

// Kind is the job's own.
func (j JobRow) Kind() string { return j.kind }

func newInserter() (*river.Client[pgx.Tx], error) {
	// A client announces a new job at most once per queue and cooldown; the default of
	// 100 ms would let an agent's message wait that long.
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Schema: JobSchema, FetchCooldown: 10 * time.Millisecond})
	if err != nil {
		return nil, fmt.Errorf("make job inserter: %w", err)
	}
	return client, nil
}

// Enqueue adds jobs to the transaction: they run after its commit, at least once,
// and never without it. They act for the context's tenant and person.
func Enqueue(ctx context.Context, tx *Tx, jobs ...Job) error {
	return EnqueueAt(ctx, tx, time.Time{}, jobs...)
}

// EnqueueAt is Enqueue for work that is not to start before at.
func EnqueueAt(ctx context.Context, tx *Tx, at time.Time, jobs ...Job) error {
	if len(jobs) == 0 {
		return nil
	}
	if err := tx.own(ctx); err != nil {
		return err
	}
	return insertJobs(ctx, tx.handle.jobs, tx.tx, tx.tenant, at, jobs)
}

// PlatformEnqueue is Enqueue for work of no tenant: mail to a person who may have many.
func PlatformEnqueue(ctx context.Context, tx *PlatformTx, jobs ...Job) error {
	if len(jobs) == 0 {
		return nil
	}
	return insertJobs(ctx, tx.jobs, tx.tx, uuid.Nil, time.Time{}, jobs)
}

func insertJobs(ctx context.Context, client *river.Client[pgx.Tx], tx pgx.Tx, tenant uuid.UUID, at time.Time, jobs []Job) error {
	params := make([]river.InsertManyParams, len(jobs))
	for i, job := range jobs {
		args, err := json.Marshal(job)
		if err != nil {
			return fmt.Errorf("encode job %s: %w", job.Kind(), err)
		}
		opts := &river.InsertOpts{ScheduledAt: at}
		if q, ok := job.(Queued); ok {
			opts.Queue = q.Queue()
		}
		params[i] = river.InsertManyParams{
			Args:       JobRow{TenantID: tenant, UserID: tenancy.From(ctx).UserID, Args: args, kind: job.Kind()},
			InsertOpts: opts,
		}
	}
	_, err := client.InsertManyFastTx(ctx, tx, params)
	return translate(ctx, err)
}
