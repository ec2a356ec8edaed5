package realtime

import (
	"sync"
	"sync/atomic"
)

// counts are totals since the start.
type counts struct {
	Accepted, Refused, Events, Deliveries, Encodes, Writes, Waits, Skipped, Dropped, Swept, Replayed, Resets atomic.Int64

	mu     sync.Mutex
	byCode map[int]int64
}

func (c *counts) closed(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byCode == nil {
		c.byCode = map[int]int64{}
	}
	c.byCode[code]++
}

// Counts are totals since the start, for metrics.
type Counts struct {
	Accepted   int64         // sockets opened
	Refused    int64         // answered before the upgrade
	Closed     map[int]int64 // by close code; 1000: the peer said goodbye, 1006: it vanished
	Events     int64         // changes somebody was told of
	Deliveries int64         // frames queued for them
	Encodes    int64         // bodies made for them
	Writes     int64         // write(2)
	Waits      int64         // writes the kernel did not take at once
	Skipped    int64         // typing and viewing not shown
	Dropped    int64         // changes left to the sweep
	Swept      int64         // changes only the sweep delivered
	Replayed   int64         // frames replayed
	Resets     int64         // readers told to start afresh
}

// Counts reads them.
func (h *Hub) Counts() Counts {
	c := &h.count
	c.mu.Lock()
	defer c.mu.Unlock()
	closed := make(map[int]int64, len(c.byCode))
	for code, n := range c.byCode {
		closed[code] = n
	}
	return Counts{
		Accepted: c.Accepted.Load(), Refused: c.Refused.Load(), Closed: closed, Events: c.Events.Load(),
		Deliveries: c.Deliveries.Load(), Encodes: c.Encodes.Load(), Writes: c.Writes.Load(), Waits: c.Waits.Load(),
		Skipped: c.Skipped.Load(), Dropped: c.Dropped.Load(), Swept: c.Swept.Load(), Replayed: c.Replayed.Load(), Resets: c.Resets.Load(),
	}
}
