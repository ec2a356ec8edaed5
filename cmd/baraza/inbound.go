package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"baraza/bus"
	"baraza/db"
	"baraza/domain"
	"baraza/domain/channels"
	"baraza/domain/chat"
	"baraza/integrations/meta"
	"baraza/tenancy"
)

// Names of the locks that divide the shards among instances.
const (
	lockShard    = 0x6261_7a01
	lockInstance = 0x6261_7a02
)

// maxTries of one stream message before its items are taken one by one and the bad
// ones put aside.
const maxTries = 5

// grace is how long a batch may go on after its reader was told to stop.
const grace = 5 * time.Second

// inbound reads the stream INBOUND and hands its items to chat, one reader per
// shard and all readers of a shard on one instance.
type inbound struct {
	bus      *bus.Bus
	platform *db.Platform
	routes   *channels.Routes
	receiver *chat.Receiver
	log      *zap.Logger
	counts   inboundCounts
	// rebalance is how often shards are given up and taken. Defaults to one second.
	rebalance time.Duration
	// turns bounds how many batches are stored at once, to twice the cores: more would
	// only take the processors from the answers to webhooks, and what waits meanwhile
	// makes larger batches.
	turns chan struct{}
}

// inboundCounts tell an operator what became of items. There is no tenant in them.
type inboundCounts struct{ items, failures *prometheus.CounterVec }

func newInboundCounts(registry prometheus.Registerer) (inboundCounts, error) {
	c := inboundCounts{
		items: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "baraza_inbound_items_total", Help: "Items of webhooks by what became of them."}, []string{"outcome"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "baraza_inbound_failures_total", Help: "Stream batches that had to be tried again, by reason."}, []string{"reason"}),
	}
	return c, errors.Join(registry.Register(c.items), registry.Register(c.failures))
}

// Run holds this instance's fair share of the shards until the context ends. When
// the connection with the locks goes, all readers stop before another instance can
// have taken over for long: what both store is stored once.
func (in *inbound) Run(ctx context.Context) error {
	if in.rebalance == 0 {
		in.rebalance = time.Second
	}
	in.turns = make(chan struct{}, 2*runtime.NumCPU())
	for ctx.Err() == nil {
		if err := in.share(ctx); err != nil && ctx.Err() == nil {
			in.log.Warn("inbound readers stopped", zap.Error(err))
			in.counts.failures.WithLabelValues("locks").Inc()
		}
		wait(ctx, in.rebalance)
	}
	return nil
}

// share works with one connection's locks until it fails.
func (in *inbound) share(ctx context.Context) error {
	locks, err := in.platform.OpenLocks(ctx)
	if err != nil {
		return err
	}
	readers := map[int32]*reader{}
	defer func() {
		for _, r := range readers {
			r.cancel()
		}
		for _, r := range readers {
			r.done.Wait()
		}
		locks.Close(ctx)
	}()
	if err := locks.Join(ctx, lockInstance, 0); err != nil {
		return err
	}
	for ctx.Err() == nil {
		instances, err := locks.Sharers(ctx, lockInstance, 0)
		if err != nil {
			return err
		}
		fair := (meta.Shards + instances - 1) / max(instances, 1)
		for shard := range int32(meta.Shards) {
			r := readers[shard]
			switch {
			case r != nil && len(readers) > fair:
				r.stop()
				delete(readers, shard)
				if err := locks.Free(ctx, lockShard, shard); err != nil {
					return err
				}
			case r == nil && len(readers) < fair:
				held, err := locks.Try(ctx, lockShard, shard)
				if err != nil {
					return err
				}
				if held {
					readers[shard] = in.start(ctx, int(shard))
				}
			}
		}
		wait(ctx, in.rebalance)
	}
	return nil
}

// reader is one shard being read.
type reader struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func (r *reader) stop() {
	r.cancel()
	r.done.Wait()
}

func (in *inbound) start(ctx context.Context, shard int) *reader {
	ctx, cancel := context.WithCancel(ctx)
	r := &reader{cancel: cancel}
	r.done.Go(func() { in.follow(ctx, shard) })
	return r
}

// follow reads a shard from its position, and again from there after an error: order
// holds because nothing is skipped.
func (in *inbound) follow(ctx context.Context, shard int) {
	pause := 50 * time.Millisecond
	for ctx.Err() == nil {
		before := time.Now()
		err := in.readFrom(ctx, shard)
		if ctx.Err() != nil {
			return
		}
		reason := "defect"
		switch {
		case errors.Is(err, bus.ErrPastEnd):
			reason = "past_end"
		case errors.Is(err, db.ErrTooSlow):
			reason = "too_slow"
		case isAway(err):
			reason = "away"
		}
		in.counts.failures.WithLabelValues(reason).Inc()
		in.log.Warn("inbound reader starts again at its position", zap.Int("shard", shard), zap.String("reason", reason), zap.Error(err))
		if time.Since(before) > 10*time.Second {
			pause = 50 * time.Millisecond
		}
		wait(ctx, pause)
		pause = min(2*pause, 2*time.Second)
	}
}

func (in *inbound) readFrom(ctx context.Context, shard int) error {
	state, err := in.bus.State(ctx, bus.Inbound)
	if err != nil {
		return domain.ErrUnavailable.With(err)
	}
	at := lane{streamName(state), shard}
	position, err := readPosition(ctx, in.platform, at)
	if err != nil {
		return err
	}
	err = in.bus.Read(ctx, bus.Inbound, shard, position.Seq+1, func(ctx context.Context, batch []bus.Message) error {
		select {
		case in.turns <- struct{}{}:
			defer func() { <-in.turns }()
		case <-ctx.Done():
			return ctx.Err()
		}
		ctx, cancel := outliving(ctx, grace)
		defer cancel()
		return in.take(ctx, at, batch)
	})
	if errors.Is(err, bus.ErrPastEnd) {
		// The stream lost its tail: from its first message on, what is stored already is
		// passed over.
		return errors.Join(err, resetPosition(ctx, in.platform, at))
	}
	return err
}

// outliving returns a context that goes on for a while after ctx has ended. A batch that
// was begun is then finished, its position too: cut off in between it would be read
// again.
func outliving(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		wait(work, grace)
		cancel()
	})
	return work, func() { stop(); cancel() }
}

// streamName tells a stream from another of the same name, made anew or on another
// server: a position means nothing there, and it is read from its first message.
func streamName(state bus.State) string {
	return bus.Inbound.String() + " of " + state.CreatedAt.UTC().Format(time.RFC3339Nano)
}

// take stores a batch and moves the position behind it. What is not our fault
// (Postgres away) is returned, to be read again. A defect is narrowed down to one
// message, whose tries are counted beside the position so that a crash keeps them;
// after five its items are taken one by one, and the bad ones put aside raw.
func (in *inbound) take(ctx context.Context, at lane, batch []bus.Message) error {
	err := in.apply(ctx, batch)
	if err == nil {
		return movePosition(ctx, in.platform, at, batch[len(batch)-1].Seq)
	}
	if isAway(err) {
		return err
	}
	for _, message := range batch {
		if err := in.apply(ctx, []bus.Message{message}); err != nil {
			if isAway(err) {
				return err
			}
			tries, countErr := countTry(ctx, in.platform, at)
			if countErr != nil {
				return countErr
			}
			if tries < maxTries {
				return fmt.Errorf("message %d, try %d: %w", message.Seq, tries, err)
			}
			rest, err := in.storeSingly(ctx, message)
			if err != nil {
				return err
			}
			for _, r := range rest {
				if err := in.putAside(ctx, r); err != nil {
					return err
				}
			}
		}
		if err := movePosition(ctx, in.platform, at, message.Seq); err != nil {
			return err
		}
	}
	return nil
}

// isAway says whether waiting may help: nothing is wrong with the message. What takes
// too long may do so for ever, and counts as a try.
func isAway(err error) bool {
	return !errors.Is(err, db.ErrTooSlow) && (errors.Is(err, domain.ErrUnavailable) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
}

// delivery is one item with who signed it.
type delivery struct {
	item   meta.Item
	signer string
	seq    uint64
}

// apply stores the items of several messages, one transaction per tenant.
func (in *inbound) apply(ctx context.Context, batch []bus.Message) (err error) {
	defer in.recovered(&err)
	var list []delivery
	for _, message := range batch {
		envelope, err := meta.DecodeEnvelope(message.Data)
		if err != nil {
			return fmt.Errorf("message %d: %w", message.Seq, err)
		}
		for _, item := range envelope.Items {
			list = append(list, delivery{item, message.Header[headerSigner], message.Seq})
		}
	}
	return in.store(ctx, list)
}

// store resolves whose the items are and hands each tenant its own, in order. Items
// nobody owns, or signed by the wrong side, are counted and stored for nobody.
func (in *inbound) store(ctx context.Context, list []delivery) (err error) {
	defer in.recovered(&err)
	var wanted []channels.RouteKey
	for _, d := range list {
		wanted = append(wanted, routeKey(d.item))
	}
	routes, err := in.routes.Resolve(ctx, wanted)
	if err != nil {
		return err
	}
	batches := map[uuid.UUID][]chat.Inbound{}
	var order []uuid.UUID
	for _, d := range list {
		route, ok := routes[routeKey(d.item)]
		switch {
		case !ok:
			in.count("unroutable", 1)
			continue
		case d.signer != signerOf(route):
			in.count("wrong_signer", 1)
			in.log.Warn("item signed by the wrong side dropped", zap.String("routing_key", d.item.RoutingKey), zap.String("signer", d.signer))
			continue
		}
		event, err := meta.Parse(d.item)
		var ignored *meta.Ignored
		if errors.As(err, &ignored) {
			in.count("ignored", 1)
			continue
		}
		if err != nil {
			return fmt.Errorf("item of message %d: %w", d.seq, err)
		}
		if _, seen := batches[route.TenantID]; !seen {
			order = append(order, route.TenantID)
		}
		batches[route.TenantID] = append(batches[route.TenantID], chat.Inbound{ChannelID: route.ChannelID, Event: event})
	}
	for _, tenant := range order {
		received, err := in.receiver.Receive(tenancy.With(ctx, tenancy.System(tenant)), batches[tenant])
		if err != nil {
			return fmt.Errorf("receive for tenant %s: %w", tenant, err)
		}
		in.count("message", received.Messages)
		in.count("duplicate", received.Duplicates)
		in.count("status", received.Statuses)
		in.count("reaction", received.Reactions)
	}
	return nil
}

// recovered makes a panic the error of the items that caused it. They are foreign
// bytes: ended by them, the process would meet them again at every start.
func (in *inbound) recovered(err *error) {
	if cause := recover(); cause != nil {
		in.log.Error("inbound items panic", zap.String("kind", fmt.Sprintf("%T", cause)), zap.Stack("stack"))
		*err = fmt.Errorf("panic of kind %T", cause)
	}
}

// refused is an item that could not be stored, and why.
type refused struct {
	delivery
	reason error
}

// storeSingly stores what it can of a message, item by item, and returns the rest.
func (in *inbound) storeSingly(ctx context.Context, message bus.Message) (rest []refused, err error) {
	signer := message.Header[headerSigner]
	envelope, err := meta.DecodeEnvelope(message.Data)
	if err != nil {
		return []refused{{delivery{meta.Item{Raw: message.Data}, signer, message.Seq}, err}}, nil
	}
	for _, item := range envelope.Items {
		d := delivery{item, signer, message.Seq}
		if err := in.store(ctx, []delivery{d}); isAway(err) {
			return nil, err
		} else if err != nil {
			rest = append(rest, refused{d, err})
		}
	}
	return rest, nil
}

func (in *inbound) putAside(ctx context.Context, r refused) error {
	in.count("failed", 1)
	in.log.Error("inbound item put aside", zap.Uint64("seq", r.seq), zap.String("routing_key", r.item.RoutingKey), zap.Error(r.reason))
	var tenant *uuid.UUID
	if routes, err := in.routes.Resolve(ctx, []channels.RouteKey{routeKey(r.item)}); err == nil {
		if route, ok := routes[routeKey(r.item)]; ok {
			tenant = &route.TenantID
		}
	}
	return insertFailure(ctx, in.platform, r, tenant)
}

func (in *inbound) count(outcome string, n int) {
	if n > 0 {
		in.counts.items.WithLabelValues(outcome).Add(float64(n))
	}
}

// signerOf is the only one who may speak for a channel.
func signerOf(r channels.Route) string {
	if r.Simulated {
		return meta.SignerSimulator
	}
	return meta.SignerMeta
}

func routeKey(item meta.Item) channels.RouteKey {
	return channels.RouteKey{Provider: channels.WhatsApp, RoutingKey: item.RoutingKey}
}

// wait pauses, or returns at once when the context ends.
func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
