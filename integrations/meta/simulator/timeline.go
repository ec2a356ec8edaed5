package simulator

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// maxWaiting bounds what waits for its time; more is dropped.
const maxWaiting = 100_000

// timeline does things later, those of the same moment in the order they were given.
type timeline struct {
	mu      sync.Mutex
	waiting moments
	given   uint64
	wake    chan struct{}
}

type moment struct {
	at    time.Time
	order uint64
	do    func() // must not wait
}

// after does something after d. It returns false when too much is waiting.
func (t *timeline) after(d time.Duration, do func()) bool {
	t.mu.Lock()
	full := len(t.waiting) >= maxWaiting
	if !full {
		t.given++
		heap.Push(&t.waiting, moment{time.Now().Add(d), t.given, do})
	}
	t.mu.Unlock()
	select {
	case t.wake <- struct{}{}:
	default: // it is being woken already
	}
	return !full
}

func (t *timeline) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = nil
}

// run does what is due until ctx ends.
func (t *timeline) run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		case <-t.wake:
		}
		for {
			do, wait := t.due()
			if do == nil {
				timer.Reset(wait)
				break
			}
			do()
		}
	}
}

// due takes the first thing if its time has come, else says how long to wait.
func (t *timeline) due() (do func(), wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) == 0 {
		return nil, time.Hour
	}
	if wait = time.Until(t.waiting[0].at); wait > 0 {
		return nil, wait
	}
	return heap.Pop(&t.waiting).(moment).do, 0
}

type moments []moment

func (m moments) Len() int      { return len(m) }
func (m moments) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m moments) Less(i, j int) bool {
	if m[i].at.Equal(m[j].at) {
		return m[i].order < m[j].order
	}
	return m[i].at.Before(m[j].at)
}
func (m *moments) Push(x any) { *m = append(*m, x.(moment)) }
func (m *moments) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}
