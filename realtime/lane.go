package realtime

import (
	"bytes"
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	batchItems = 16
	batchBytes = 16 << 10
	// writeWait is how long a peer that reads nothing keeps its socket.
	writeWait = 5 * time.Second
)

// lane writes for its share of the connections, one after another. It never waits for
// a peer: what the kernel does not take at once gets a goroutine of its own until it
// has, so a slow reader costs the others nothing.
type lane struct {
	hub   *Hub
	mu    sync.Mutex
	ready sync.Cond
	head  *connection
	tail  *connection
	done  bool

	// Owned by run.
	batch []item
	buf   []byte
	out   []byte // what attempt writes
	wrote int
	err   error
	// attempt is made once: a closure per write would be an allocation per recipient.
	attempt func(fd uintptr) bool
}

func newLane(h *Hub) *lane {
	l := &lane{hub: h, batch: make([]item, 0, batchItems), buf: make([]byte, 0, 2*batchBytes)}
	l.ready.L = &l.mu
	l.attempt = func(fd uintptr) bool {
		for {
			l.wrote, l.err = syscall.Write(int(fd), l.out)
			if l.err != syscall.EINTR { //nolint:errorlint // a raw errno
				return true // also when it would block: waiting is not this goroutine's
			}
		}
	}
	return l
}

// put hands over a connection with something to write. Its owner marks it scheduled,
// so it is in at most one list once.
func (l *lane) put(c *connection) {
	l.mu.Lock()
	if l.tail == nil {
		l.head = c
	} else {
		l.tail.next = c
	}
	l.tail = c
	l.mu.Unlock()
	l.ready.Signal()
}

// stop ends run once the list is empty.
func (l *lane) stop() {
	l.mu.Lock()
	l.done = true
	l.mu.Unlock()
	l.ready.Signal()
}

func (l *lane) run() {
	for {
		l.mu.Lock()
		for l.head == nil && !l.done {
			l.ready.Wait()
		}
		c := l.head
		l.head, l.tail = nil, nil
		l.mu.Unlock()
		if c == nil {
			return
		}
		for c != nil {
			next := c.next
			c.next = nil // from here on it may be put again
			l.flush(c)
			c = next
		}
	}
}

// flush writes what fits into one write(2).
func (l *lane) flush(c *connection) {
	size, last := c.take(l)
	if size == 0 {
		return
	}
	if cap(l.buf) > 8*batchBytes {
		l.buf = make([]byte, 0, 2*batchBytes) // one huge frame is no reason to keep its room
	}
	l.buf = l.buf[:0]
	for i := range l.batch {
		l.buf = l.batch[i].appendTo(l.buf)
	}
	clear(l.batch)
	l.hub.count.Writes.Add(1)
	if c.raw == nil {
		l.slow(c, bytes.Clone(l.buf), size, last)
		return
	}
	l.out, l.wrote, l.err = l.buf, 0, nil
	err := c.raw.Write(l.attempt)
	if err == nil && l.err != nil && l.err != syscall.EAGAIN { //nolint:errorlint // a raw errno
		err = l.err
	}
	if err != nil {
		c.sever(closeLost)
		return
	}
	if wrote := max(l.wrote, 0); wrote < len(l.buf) {
		l.slow(c, bytes.Clone(l.buf[wrote:]), size, last)
		return
	}
	c.written(size, last)
}

// slow waits for one peer, outside the lane, for writeWait at most.
func (l *lane) slow(c *connection, rest []byte, size int, last bool) {
	l.hub.count.Waits.Add(1)
	l.hub.writers.Go(func() {
		switch err := c.writeAll(rest); {
		case err == nil:
			c.written(size, last)
		case errors.Is(err, os.ErrDeadlineExceeded):
			c.sever(closeSlow)
		default:
			c.sever(closeLost)
		}
	})
}

func (c *connection) writeAll(rest []byte) error {
	if err := c.net.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	if _, err := c.net.Write(rest); err != nil {
		return err
	}
	return c.net.SetWriteDeadline(time.Time{})
}

// take moves the next frames into the lane's batch. Without any the connection leaves
// the lane. last says that the close frame is among them.
func (c *connection) take(l *lane) (size int, last bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.batch = l.batch[:0]
	for c.phase != shut && c.first < len(c.queue) && len(l.batch) < batchItems {
		it := &c.queue[c.first]
		n := it.size()
		if size > 0 && size+n > batchBytes {
			break
		}
		size += n
		last = it.opcode == opClose
		l.batch = append(l.batch, *it)
		*it = item{}
		c.first++
	}
	if c.first == len(c.queue) {
		c.queue, c.first = c.queue[:0], 0
		if cap(c.queue) > keptItems {
			c.queue = nil
		}
	}
	if size == 0 {
		c.scheduled = false
	}
	return size, last
}

// written settles a batch that is on its way. After the close frame nothing follows.
func (c *connection) written(size int, last bool) {
	c.mu.Lock()
	c.waiting -= size
	more := c.first < len(c.queue)
	c.scheduled = more
	if c.waiting < queueLimit/4 {
		c.wakeReplay()
	}
	if last {
		c.phase, c.scheduled = shut, false
	}
	gone := c.gone
	c.mu.Unlock()
	switch {
	case last && gone:
		c.closeSocket()
	case last:
		// The peer may answer; whatever else it sends is thrown away until then. Both fail
		// on a closed socket, which ends reading too.
		_ = c.net.SetReadDeadline(time.Now().Add(closeWait))
		if half, ok := c.net.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
	case more:
		c.lane.put(c)
	}
}
