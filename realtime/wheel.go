package realtime

import (
	"context"
	"sync"
	"time"
)

const wheelSlots = 64

// wheel looks at every connection when something of it may be due: a ping, silence,
// the end of its login. One for all, so that an idle connection has no timer.
type wheel struct {
	mu    sync.Mutex
	now   int
	slots [wheelSlots][]*connection
}

// add looks at the connection first at the next turn.
func (w *wheel) add(c *connection) { w.put(c, 1) }

func (w *wheel) put(c *connection, turns int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	slot := (w.now + min(max(turns, 1), wheelSlots-1)) % wheelSlots
	w.slots[slot] = append(w.slots[slot], c)
}

// turn moves on by one and returns who is to be looked at.
func (w *wheel) turn() []*connection {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = (w.now + 1) % wheelSlots
	due := w.slots[w.now]
	w.slots[w.now] = nil
	return due
}

// tick turns the wheel, moves the clock and has counts.changed told.
func (h *Hub) tick(ctx context.Context) error {
	step := min(time.Second, h.config.PingEvery/20, h.config.Silence/20)
	turn, counts := time.NewTicker(step), time.NewTicker(h.config.CountsEvery)
	defer turn.Stop()
	defer counts.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-turn.C:
			h.tickClock()
			for _, c := range h.wheel.turn() {
				if wait, ok := c.look(); ok {
					h.wheel.put(c, int(wait/step)+1)
				}
			}
		case <-counts.C:
			for _, s := range h.shards {
				s.offer(s.tick) // a shard that is behind tells at the next tick
			}
		}
	}
}

var pingBody = &body{}

// look does what is due and says when to look again; false when the connection is over.
func (c *connection) look() (time.Duration, bool) {
	if !c.accepting() {
		return 0, false
	}
	now := c.hub.clock.Load()
	silent := time.Duration(now-c.heard.Load()) * time.Millisecond
	if silent >= c.hub.config.Silence {
		c.close(closeGoing, "silent for too long")
		return 0, false
	}
	ends := c.ends.Load()
	if ends != 0 && ends <= now {
		c.hub.tasks.Go(c.expire)
	}
	since := time.Duration(now-c.pinged) * time.Millisecond
	if since >= c.hub.config.PingEvery {
		c.pinged = now
		since = 0
		c.send(item{opcode: opPing, body: pingBody})
	}
	wait := min(c.hub.config.PingEvery-since, c.hub.config.Silence-silent)
	if ends > now {
		wait = min(wait, time.Duration(ends-now)*time.Millisecond)
	}
	return wait, true
}
