package main

import (
	"context"
	"fmt"
	"time"

	"baraza/bench/load"
	"baraza/bench/machine"
	"baraza/bench/measure"
)

// held is a share of the maximum in an open loop, beside the floors of its parts.
type held struct {
	*inboundPath
	share  int
	rate   float64
	rounds []heldRound

	ack, screen, lag measure.Histogram
	usages           []machine.Usage
	sent             int
	doubts           []string
}

// heldRound are p50 and p99 of one round, in microseconds.
type heldRound struct{ ack, screen, http, stream, receive, ws quantilePair }

type quantilePair [2]float64

func pairOf(h *measure.Histogram) quantilePair {
	return quantilePair{measure.Micros(h.Quantile(0.5)), measure.Micros(h.Quantile(0.99))}
}

// floorOfAck is HTTP and one synced publish.
func (r heldRound) floorOfAck(q int) float64 { return r.http[q] + r.stream[q] }

// floorOfScreen adds the transaction and one way of a frame.
func (r heldRound) floorOfScreen(q int) float64 {
	return r.floorOfAck(q) + r.receive[q] + r.ws[q]/2
}

func (a *inboundPath) hold(ctx context.Context, share int, most float64) error {
	h := &held{inboundPath: a, share: share, rate: most * float64(share) / 100, rounds: make([]heldRound, a.size.rounds)}
	err := measure.Rounds(a.size.rounds,
		func(i int) error { return h.floors(ctx, &h.rounds[i]) },
		func(i int) error { return h.ours(ctx, &h.rounds[i]) })
	if err != nil {
		return err
	}
	if p99 := h.lag.Quantile(0.99); p99 > time.Millisecond {
		h.doubts = append(h.doubts, fmt.Sprintf("generator late by %.1f ms", measure.Micros(p99)/1000))
	}
	return h.report()
}

// floors take the parts alone, each at the rate it judges: a machine that idles in
// between answers later than one that is kept awake.
func (h *held) floors(ctx context.Context, r *heldRound) error {
	if err := h.stage.checkpoint(ctx); err != nil {
		return err
	}
	short := h.size.window / 4
	echo, err := h.least.echoAt(ctx, h.provider.webhook(0, 1), measure.Even(h.rate, short))
	if err != nil {
		return err
	}
	stream, err := h.js.publishAt(ctx, measure.Even(h.rate, short))
	if err != nil {
		return err
	}
	ws, err := h.least.ping(ctx, short)
	if err != nil {
		return err
	}
	receive, err := h.stage.pgbench(ctx, h.floor1, receiveClients, h.size.window, h.rate)
	r.http, r.stream, r.ws, r.receive = pairOf(&echo.Latency), pairOf(stream), pairOf(ws), pairOf(&receive.latency)
	return err
}

// busyGenerator is the share of a core past which the generator disturbs what it measures.
const busyGenerator = 0.4

func (h *held) ours(ctx context.Context, r *heldRound) error {
	if err := h.stage.checkpoint(ctx); err != nil {
		return err
	}
	n := measure.Even(h.rate, h.size.window).N
	first := h.provider.reserve(n)
	requests := make([][]byte, n)
	for i := range requests {
		requests[i] = h.provider.webhook(first+i, 1)
	}
	l := load.Load{Address: h.stage.app.address, Connections: postConnections, Status: 200, Request: func(i int) []byte { return requests[i] }}
	schedule := measure.Even(h.rate, h.size.window)
	var out *load.Outcome
	usage, err := h.watch(nil, func() (err error) {
		if out, err = l.Open(ctx, schedule); err == nil {
			_, err = h.screens.await(ctx, first, n)
		}
		return err
	})
	if err != nil {
		return err
	}
	shown := h.screens.latency(first, n, schedule.At)
	r.ack, r.screen = pairOf(&out.Latency), pairOf(shown)
	h.ack.Merge(&out.Latency)
	h.screen.Merge(shown)
	h.lag.Merge(&out.Lag)
	h.sent += n
	h.usages = append(h.usages, usage)
	if busy := usage.CPU["bench"].Seconds() / usage.Span.Seconds(); busy > busyGenerator {
		h.doubts = append(h.doubts, fmt.Sprintf("generator took %.0f %% of a core", 100*busy))
	}
	return nil
}

func (h *held) report() error {
	claim := func(name, unit string, q int, of string, floor func(heldRound, int) float64, ours func(heldRound) quantilePair) Claim {
		var floors, values []float64
		for _, r := range h.rounds {
			values = append(values, ours(r)[q])
			if floor != nil {
				floors = append(floors, floor(r, q))
			}
		}
		c := Claim{ID: fmt.Sprintf("a.%s@%d", name, h.share), Unit: unit, Of: of, Interval: measure.Of(values)}
		if floor != nil {
			c.Interval, c.Value, c.Floor = measure.Of(measure.Ratios(floors, values)), measure.Median(values), measure.Median(floors)
		}
		return c
	}
	ack := func(r heldRound) quantilePair { return r.ack }
	screen := func(r heldRound) quantilePair { return r.screen }
	rss, err := machine.RSS(h.stage.app.pid())
	if err != nil {
		return err
	}
	all := machine.Sum(h.usages...)
	h.add(Point{
		Path: "a", Name: fmt.Sprintf("held.%d", h.share), Class: "D2", RateWanted: h.rate, Rate: float64(h.sent) / all.Span.Seconds(),
		Latency: h.ack.Quantiles(), Screen: h.screen.Quantiles(), LagP99: measure.Micros(h.lag.Quantile(0.99)),
		CPU: all.PerOperation(float64(h.sent)), RSS: map[string]int64{"baraza": rss}, Taint: append(taints(h.usages...), h.doubts...),
		Claims: []Claim{
			claim("ack.p50", "×", 0, "ack p50 µs", heldRound.floorOfAck, ack),
			claim("ack.p99", "×", 1, "ack p99 µs", heldRound.floorOfAck, ack),
			claim("screen.p50", "×", 0, "screen p50 µs", heldRound.floorOfScreen, screen),
			claim("screen.p99", "×", 1, "screen p99 µs", heldRound.floorOfScreen, screen),
			claim("ack.us", "µs", 1, "ack p99", nil, ack),
			claim("screen.us", "µs", 1, "screen p99", nil, screen),
		},
	})
	return nil
}
