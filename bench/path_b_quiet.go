package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"baraza/bench/load"
	"baraza/bench/machine"
	"baraza/bench/measure"
)

// What W5 sends: enough to fill a sleeping peer's queue in seconds.
const (
	slowBytes = 4 << 10
	slowRate  = 50
	slowSpan  = 14 * time.Second
)

// slowOnes is W5: one in a hundred stops reading.
func (b *socketPath) slowOnes(ctx context.Context) error {
	n := min(b.n(), 400)
	slow := max(n/100, 1)
	var with, without, closed, held []float64
	var usages []machine.Usage
	for range min(b.size.rounds, 3) {
		if err := b.open(b.tokens, n, slow); err != nil {
			return err
		}
		p := load.Publish{Tenants: []uuid.UUID{b.one.tenant}, Each: n, Bytes: slowBytes, Rate: slowRate, Span: slowSpan / 2}
		usage, err := b.watchAll(func() error {
			base, peakBefore, _, err := b.publishWatched(ctx, p, 0)
			if err != nil {
				return err
			}
			if err := b.crowd.ask(load.Command{Pause: true}, nil); err != nil {
				return err
			}
			p.Span = slowSpan
			got, peak, after, err := b.publishWatched(ctx, p, slow)
			if err != nil {
				return err
			}
			with, without = append(with, got.Latency.P99), append(without, base.Latency.P99)
			closed, held = append(closed, after.Seconds()), append(held, float64(max(peak-peakBefore, 0))/1024/float64(slow))
			return nil
		})
		if err != nil {
			return err
		}
		usages = append(usages, usage)
		if err := b.crowd.ask(load.Command{Leave: true}, nil); err != nil {
			return err
		}
	}
	b.add(Point{Path: "b", Name: fmt.Sprintf("w5.%d", n), RateWanted: slowRate, Taint: taints(usages...), Claims: []Claim{
		{ID: "b.w5.p99", Interval: measure.Of(measure.Ratios(with, without)), Unit: "×", Value: measure.Median(with), Floor: measure.Median(without), Of: "p99 µs, floor without slow ones"},
		{ID: "b.w5.rss", Interval: measure.Of(held), Unit: "KiB", Of: "peak resident with slow ones less without, each"},
		{ID: "b.w5.closed", Interval: measure.Of(closed), Unit: "s", Of: "from the last read to the last close"},
	}})
	return nil
}

// publishWatched publishes and meanwhile looks at the program: the most memory it has,
// and when so many of its sockets are gone.
func (b *socketPath) publishWatched(ctx context.Context, p load.Publish, gone int) (got load.Published, peak int64, after time.Duration, err error) {
	before, err := machine.Established(b.stage.app.address)
	if err != nil {
		return got, 0, 0, err
	}
	began := time.Now()
	after = p.Span
	done := make(chan error, 1)
	go func() {
		var err error
		got, err = b.publish(p)
		done <- err
	}()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		select {
		case err := <-done:
			if gone > 0 && after == p.Span {
				err = errors.Join(err, fmt.Errorf("the %d sockets that read nothing were not closed within %s", gone, p.Span))
			}
			return got, peak, after, errors.Join(err, ctx.Err())
		case <-every.C:
		}
		rss, err := machine.RSS(b.stage.app.pid())
		if err != nil {
			return got, peak, after, errors.Join(err, <-done)
		}
		sockets, err := machine.Established(b.stage.app.address)
		if err != nil {
			return got, peak, after, errors.Join(err, <-done)
		}
		peak = max(peak, rss)
		if gone > 0 && after == p.Span && sockets <= before-gone {
			after = time.Since(began)
		}
	}
}

// idle is W3: memory and CPU of sockets to which nothing happens.
func (b *socketPath) idle(ctx context.Context) error {
	if err := b.restart(ctx); err != nil {
		return err
	}
	pid := b.stage.app.pid()
	rest := func() error {
		pause(ctx, b.size.idle)
		return ctx.Err()
	}
	pause(ctx, b.size.idle/4)
	alone, err := b.watchAll(rest)
	if err != nil {
		return err
	}
	counts, memory := []int{0}, []int64{}
	rss, err := machine.RSS(pid)
	if err != nil {
		return err
	}
	memory = append(memory, rss)
	for _, n := range b.size.sockets {
		before := counts[len(counts)-1]
		if err := b.open(b.tokens2[before/socketsPerPerson:n/socketsPerPerson], n-before, 0); err != nil {
			return err
		}
		pause(ctx, b.size.idle/4)
		if rss, err = machine.RSS(pid); err != nil {
			return err
		}
		counts, memory = append(counts, n), append(memory, rss)
	}
	crowded, err := b.watchAll(rest)
	if err != nil {
		return err
	}
	last := len(counts) - 1
	slope := float64(memory[last]-memory[1]) / 1024 / float64(counts[last]-counts[1])
	cpu := (crowded.CPU["baraza"].Seconds()/crowded.Span.Seconds() - alone.CPU["baraza"].Seconds()/alone.Span.Seconds()) * 1e6 / float64(counts[last])
	all := map[string]int64{}
	for i, n := range counts {
		all[fmt.Sprintf("baraza.%d", n)] = memory[i]
	}
	b.add(Point{Path: "b", Name: fmt.Sprintf("w3.%d", counts[last]), RSS: all, Taint: taints(alone, crowded), Claims: []Claim{
		{ID: "b.w3.rss", Interval: measure.Of([]float64{slope}), Unit: "KB", Of: fmt.Sprintf("resident, slope %d to %d", counts[1], counts[last])},
		{ID: "b.w3.cpu", Interval: measure.Of([]float64{cpu}), Unit: "µs", Of: "CPU per second and connection, less the program's own"},
	}})
	return b.crowd.ask(load.Command{Leave: true}, nil)
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
