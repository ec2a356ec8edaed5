// Package jobs runs what transactions have enqueued.
//
// Always true: a job acts for the tenant and person its row names, never for
// anybody else; a kind nobody registered is an error at start, not a lost job; a
// job that fails is logged once here, without its arguments.
package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"

	"baraza/db"
	"baraza/tenancy"
)

// Queues and how many of their jobs one process works at a time.
var queues = map[string]river.QueueConfig{
	river.QueueDefault: {MaxWorkers: 4},
	// Agents wait for these: they are fetched within 100 ms even when a notification was lost.
	"send": {MaxWorkers: 16, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 100 * time.Millisecond},
	// Mail servers are slow, and keep nobody else waiting.
	"mail": {MaxWorkers: 4},
}

const (
	jobTimeout = 30 * time.Second
	// rescueAfter is how long a job of a process that died stays taken.
	rescueAfter = 2 * time.Minute
	softStop    = 10 * time.Second
)

// Workers are the use cases behind the kinds of jobs.
type Workers struct {
	river *river.Workers
	log   *zap.Logger
}

// NewWorkers starts with none.
func NewWorkers(log *zap.Logger) *Workers { return &Workers{river.NewWorkers(), log} }

// On lets do work the jobs of kind J, with the scope their row names.
func On[J db.Job](w *Workers, do func(context.Context, J) error) {
	var zero J
	river.AddWorkerArgs(w.river, db.JobRowOf(zero.Kind()), &worker[J]{do: do, log: w.log})
}

type worker[J db.Job] struct {
	river.WorkerDefaults[db.JobRow]
	do  func(context.Context, J) error
	log *zap.Logger
}

func (w *worker[J]) Work(ctx context.Context, job *river.Job[db.JobRow]) error {
	var args J
	if err := json.Unmarshal(job.Args.Args, &args); err != nil {
		return river.JobCancel(fmt.Errorf("read arguments: %w", err))
	}
	scope := tenancy.System(job.Args.TenantID)
	scope.UserID = job.Args.UserID
	err := w.do(tenancy.With(ctx, scope), args)
	if err != nil {
		w.log.Error("job failed", zap.String("kind", args.Kind()), zap.Int64("job_id", job.ID), zap.Int("attempt", job.Attempt),
			zap.Stringer("tenant_id", job.Args.TenantID), zap.Error(err))
	}
	return err
}

func (w *worker[J]) Timeout(*river.Job[db.JobRow]) time.Duration { return jobTimeout }

// Runner works the queues of one process.
type Runner struct{ client *river.Client[pgx.Tx] }

// NewRunner prepares a runner on the platform's pool.
func NewRunner(platform *db.Platform, workers *Workers) (*Runner, error) {
	client, err := river.NewClient(driver{riverpgxv5.New(platform.Pool())}, &river.Config{
		Schema: db.JobSchema, Queues: queues, Workers: workers.river, JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter,
		FetchCooldown: 10 * time.Millisecond, SoftStopTimeout: softStop,
		Logger: slog.New(zapslog.NewHandler(workers.log.Named("river").Core(), zapslog.AddStacktraceAt(slog.LevelError+1))),
		// Rebuilding indexes takes their owner; autovacuum has to do.
		ReindexerSchedule: river.NeverSchedule(),
	})
	if err != nil {
		return nil, fmt.Errorf("make job runner: %w", err)
	}
	return &Runner{client}, nil
}

// Run works until the context ends; jobs at work then get ten seconds to finish.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start job runner: %w", err)
	}
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), softStop+10*time.Second)
	defer cancel()
	// Waits for the soft stop, then cancels what is still at work and waits for that.
	if err := r.client.Stop(stop); err != nil {
		return fmt.Errorf("stop job runner: %w", err)
	}
	return nil
}
