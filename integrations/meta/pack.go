package meta

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxPack keeps a pack small enough to be one batch of its reader.
const maxPack = 256 << 10

// lane stores the envelopes of one shard. Each costs the disk one sync, one after
// another, so those that arrive while one is being stored wait and travel together.
// Alone, an envelope is stored at once. The zero value is ready.
type lane struct {
	mu      sync.Mutex
	storing bool
	waiting []*pack // the next first
}

// pack is envelopes of one signer on their way to be one stream message. Who began it
// stores it when its turn has come; the others wait for the outcome.
type pack struct {
	signer string
	data   []byte
	turn   chan struct{}
	done   chan struct{}
	err    error
}

// store returns when the envelope is on disk, or with the reason why it may not be. A
// request that goes away does not take others with it: the deadline of who began the
// pack holds, its cancellation does not.
func (l *lane) store(ctx context.Context, signer string, envelope []byte, publish func(context.Context, []byte) error) error {
	p, began := l.join(signer, envelope)
	if !began {
		select {
		case <-p.done:
			return p.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	<-p.turn
	l.seal(p)
	work, cancel := outliving(ctx)
	defer cancel()
	p.err = publish(work, p.data)
	close(p.done)
	l.next()
	return p.err
}

// join adds an envelope to the last waiting pack, or begins one.
func (l *lane) join(signer string, envelope []byte) (p *pack, began bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.waiting); n > 0 {
		if last := l.waiting[n-1]; last.signer == signer && len(last.data)+len(envelope) <= maxPack {
			last.data = merge(last.data, envelope)
			return last, false
		}
	}
	p = &pack{signer: signer, data: envelope, turn: make(chan struct{}), done: make(chan struct{})}
	l.waiting = append(l.waiting, p)
	if !l.storing {
		l.storing = true
		close(p.turn)
	}
	return p, true
}

// seal takes the pack whose turn it is: nothing joins it from now on.
func (l *lane) seal(p *pack) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = slices.DeleteFunc(l.waiting, func(other *pack) bool { return other == p })
}

func (l *lane) next() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.storing = false
		return
	}
	close(l.waiting[0].turn)
}

// outliving keeps the deadline of a request, not its end.
func outliving(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(publishTimeout)
	}
	return context.WithDeadline(context.WithoutCancel(ctx), deadline)
}

// merge puts the items of b behind those of a; both were made by envelopes. The instant
// stays that of a.
func merge(a, b []byte) []byte {
	return append(append(a[:len(a)-len(envelopeTail)], ','), b[envelopeHead:]...)
}
