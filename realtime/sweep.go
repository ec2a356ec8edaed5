package realtime

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"baraza/db"
)

// missLimit is how often in a row a tenant's changes may fail to be delivered before
// its readers are told to start afresh: one tenant's trouble must not grow for ever.
const missLimit = 3

func (h *Hub) firstHorizon(ctx context.Context) (*horizon, error) {
	at := time.Now()
	s, err := listSweep(ctx, h.config.Platform, place{xid: math.MaxInt64}, 0, nil)
	if err != nil {
		return nil, err
	}
	return &horizon{s.generation, s.Xmin, at}, nil
}

// sweep delivers what was lost between commit and publish, and alone moves the places
// of readers. While Postgres is away nothing moves.
func (h *Hub) sweep(ctx context.Context) error {
	every := time.NewTicker(h.config.SweepEvery)
	defer every.Stop()
	healthy := true
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
		err := h.sweepOnce(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && healthy:
			h.config.Log.Error("changes cannot be swept", zap.Error(err))
		case err == nil && !healthy:
			h.config.Log.Info("changes are swept again")
		}
		healthy = err == nil
	}
}

func (h *Hub) sweepOnce(ctx context.Context) error {
	tenants := h.presentTenants()
	from := place{xid: h.horizon.Load().xid}
	ids := make([]uuid.UUID, len(tenants))
	for i, t := range tenants {
		ids[i] = t.id
		from.xid = min(from.xid, t.horizon.Load().xid)
	}
	first := from.xid
	missed := map[uuid.UUID]bool{}
	reached, below := (*horizon)(nil), int64(math.MaxInt64)
	var xmax int64
	for next := &from; next != nil; {
		at := time.Now()
		page, err := listSweep(ctx, h.config.Platform, *next, below, ids)
		if err != nil {
			return err
		}
		if reached == nil {
			reached, below, xmax = &horizon{page.generation, page.Xmin, at}, page.Xmin, page.Xmax
			if page.generation != h.horizon.Load().generation {
				return h.restored(tenants, reached)
			}
		}
		if err := h.redeliver(ctx, tenants, page, missed); err != nil {
			return err
		}
		next = page.next
	}
	h.settle(ctx, first, xmax)
	h.advance(tenants, reached, missed)
	return nil
}

// redeliver has the shards pass on a page and waits for them. It goes in small steps,
// between which what happens now is passed on too.
func (h *Hub) redeliver(ctx context.Context, tenants []*tenantSockets, page swept, missed map[uuid.UUID]bool) error {
	type outcome struct {
		tenant uuid.UUID
		n      int
		err    error
	}
	outcomes := make(chan outcome, sweepPage)
	asked := 0
	for _, t := range tenants {
		if missed[t.id] {
			continue
		}
		shard := h.shardOf(t.id)
		for step := range slices.Chunk(page.since(t.id, t.horizon.Load().xid), replayChunk) {
			deliver := func(ctx context.Context) {
				n, err := shard.deliver(ctx, t.id, step)
				outcomes <- outcome{t.id, n, err}
			}
			select {
			case shard.in <- deliver:
				asked++
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	for range asked {
		select {
		case o := <-outcomes:
			h.count.Swept.Add(int64(o.n))
			if o.err != nil {
				missed[o.tenant] = true
				h.config.Log.Error("lost frames cannot be read", zap.Stringer("tenant_id", o.tenant), zap.Error(o.err))
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// since leaves out what was below the tenant's own horizon already.
func (s *swept) since(tenant uuid.UUID, xid int64) []db.Change {
	var list []db.Change
	for _, c := range s.changes[tenant] {
		if c.xid >= xid {
			list = append(list, c.Change)
		}
	}
	return list
}

// settle lets the shards forget what no sweep will read again.
func (h *Hub) settle(ctx context.Context, from, xmax int64) {
	for _, s := range h.shards {
		select {
		case s.in <- func(context.Context) { s.passed.settle(from, xmax) }:
		case <-ctx.Done():
			return
		}
	}
}

// advance moves the readers on: all below reached was handed to their queues.
func (h *Hub) advance(tenants []*tenantSockets, reached *horizon, missed map[uuid.UUID]bool) {
	h.horizon.Store(reached)
	due := h.clock.Load() - h.config.CursorEvery.Milliseconds()
	for _, t := range tenants {
		lost := missed[t.id]
		if lost {
			t.misses++
			if t.misses < missLimit {
				continue
			}
		}
		t.misses = 0
		t.horizon.Store(reached)
		for _, c := range h.connectionsOf(t) {
			if lost {
				c.startAfresh()
			} else if c.told.Load() <= due {
				c.send(item{opcode: opText, body: h.onlyCursor})
			}
		}
	}
}

// restored is another generation: transaction ids of before mean nothing any more.
func (h *Hub) restored(tenants []*tenantSockets, reached *horizon) error {
	h.horizon.Store(reached)
	for _, t := range tenants {
		t.horizon.Store(reached)
		for _, c := range h.connectionsOf(t) {
			c.startAfresh()
		}
	}
	return nil
}

// startAfresh tells a reader that what they have on screen is not to be relied on.
func (c *connection) startAfresh() {
	c.mu.Lock()
	names := make([]string, len(c.topics))
	for i, t := range c.topics {
		names[i] = t.String()
	}
	c.floor = nil
	c.mu.Unlock()
	b := &body{text: []byte(`{"type":"subscribed"`)}
	b.appendTopics(names)
	b.text = append(b.text, ',')
	b.appendCursor()
	b.text = append(b.text, `,"resumed":false,"reset":true,"replayed":0}`...)
	c.hub.count.Resets.Add(1)
	c.send(item{opcode: opText, body: b})
}
