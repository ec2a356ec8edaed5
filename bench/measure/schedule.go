package measure

import (
	"context"
	"runtime"
	"syscall"
	"time"
)

// Schedule says when each request is meant to leave. It does not wait for answers: a
// server that falls behind is late for all of them, and every one counts.
type Schedule struct {
	Start time.Time
	Rate  float64 // per second
	N     int
}

// Even spreads a rate evenly over a span that begins shortly, so that the first
// requests are not late.
func Even(rate float64, span time.Duration) Schedule {
	return Schedule{Start: time.Now().Add(20 * time.Millisecond), Rate: rate, N: max(int(rate*span.Seconds()), 1)}
}

// At is when request i is due.
func (s Schedule) At(i int) time.Time {
	return s.Start.Add(time.Duration(float64(i) / s.Rate * float64(time.Second)))
}

// Pace calls send for each request when it is due, and says how late it was itself.
// What send waits for makes all later ones late, so it hands over and returns.
func (s Schedule) Pace(ctx context.Context, send func(i int, due time.Time)) *Histogram {
	lag := &Histogram{}
	// A goroutine's timer is rounded up to a millisecond, a thread's sleep is not.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range s.N {
		due := s.At(i)
		sleepUntil(due)
		if ctx.Err() != nil {
			break
		}
		lag.Record(time.Since(due))
		send(i, due)
	}
	return lag
}

func sleepUntil(due time.Time) {
	for {
		left := time.Until(due)
		if left <= 0 {
			return
		}
		pause := syscall.NsecToTimespec(int64(min(left, 100*time.Millisecond)))
		// Cut short by a signal it returns early, and the loop goes on.
		_ = syscall.Nanosleep(&pause, nil)
	}
}
