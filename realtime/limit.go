package realtime

import (
	"sync"
	"time"
)

// gcra is a rate limit as one number: the time at which the next arrival would be on
// schedule. An arrival may be early by what the burst allows. For one goroutine.
type gcra struct{ due time.Time }

// allow says whether one arrival now keeps to the rate of one per interval, with burst
// arrivals at once at most. A refused one costs nothing.
func (g *gcra) allow(now time.Time, interval time.Duration, burst int) bool {
	due := g.due
	if due.Before(now) {
		due = now
	}
	if due.Sub(now) > time.Duration(burst-1)*interval {
		return false
	}
	g.due = due.Add(interval)
	return true
}

// gate is a gcra for many.
type gate struct {
	mu       sync.Mutex
	rate     gcra
	interval time.Duration
	burst    int
}

// newGate lets n per second pass, a fifth of them at once.
func newGate(n int) *gate {
	return &gate{interval: time.Second / time.Duration(n), burst: max(n/5, 1)}
}

func (g *gate) allow(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.rate.allow(now, g.interval, g.burst)
}
