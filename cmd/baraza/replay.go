package main

import (
	"context"
	"fmt"
	"time"

	"baraza/bus"
	"baraza/db"
	"baraza/integrations/meta"
)

type replayCommand struct {
	Failures bool      `help:"Take the items that were put aside."`
	From     time.Time `help:"Take the stream from here (RFC 3339); it keeps eight days." format:"2006-01-02T15:04:05Z07:00"`
	To       time.Time `help:"To here. Defaults to now." format:"2006-01-02T15:04:05Z07:00"`
}

// Run receives again. What is stored already is left as it is, so any span may be
// named any number of times.
func (r replayCommand) Run(c *Config, e environmentOf) error {
	if !r.Failures && r.From.IsZero() {
		return fmt.Errorf("say --failures, or --from with a time")
	}
	return withApp(c, e, func(ctx context.Context, a *app) error {
		if r.Failures {
			return a.replayFailures(ctx, e)
		}
		to := r.To
		if to.IsZero() {
			to = time.Now()
		}
		messages := 0
		err := a.engines.bus.GetRange(ctx, bus.Inbound, r.From, to, func(ctx context.Context, batch []bus.Message) error {
			messages += len(batch)
			return a.replayBatch(ctx, batch, e)
		})
		fmt.Fprintf(e.stdout, "%d webhooks received again\n", messages)
		return err
	})
}

// replayBatch goes on past what still cannot be stored: that was put aside before.
func (a *app) replayBatch(ctx context.Context, batch []bus.Message, e environmentOf) error {
	err := a.inbound.apply(ctx, batch)
	if err == nil || isAway(err) {
		return err
	}
	for _, message := range batch {
		rest, err := a.inbound.storeSingly(ctx, message)
		if err != nil {
			return err
		}
		for _, r := range rest {
			fmt.Fprintf(e.stdout, "an item of webhook %d still fails: %v\n", r.seq, r.reason)
		}
	}
	return nil
}

// failure is an item put aside, as it is replayed.
type failure struct {
	ID     string `db:"id"`
	Seq    int64  `db:"seq"`
	Signer string `db:"signer"`
	Raw    []byte `db:"raw"`
}

func (a *app) replayFailures(ctx context.Context, e environmentOf) error {
	list, err := db.All[failure](ctx, a.platform, `
		select id::text, seq, signer, raw
		from inbound_failures
		where state = 'open'
		order by created_at`)
	if err != nil {
		return err
	}
	done := 0
	for _, f := range list {
		if err := a.replayOne(ctx, f); err != nil {
			fmt.Fprintf(e.stdout, "%s still fails: %v\n", f.ID, err)
			continue
		}
		done++
	}
	fmt.Fprintf(e.stdout, "%d of %d items received\n", done, len(list))
	return nil
}

func (a *app) replayOne(ctx context.Context, f failure) error {
	items, err := meta.Split(f.Raw)
	if err != nil {
		return err
	}
	batch := make([]delivery, len(items))
	for i, item := range items {
		batch[i] = delivery{item, f.Signer, uint64(f.Seq)}
	}
	if err := a.inbound.store(ctx, batch); err != nil {
		return err
	}
	return db.Must(db.Exec(ctx, a.platform, `
		update inbound_failures set state = 'replayed', updated_at = now() where id = $1::uuid and state = 'open'`, f.ID))
}
