package realtime

import "context"

// held are the frames of after a replay: sent during it, their cursor would skip what
// is still to be told.
type held struct {
	on, lost bool // lost: more than fits came meanwhile
	frames   []item
	bytes    int
	room     chan struct{} // the replay waits here for the queue to shrink
}

// hold keeps a frame for after the replay. What does not fit makes the replay useless:
// it ends with reset.
func (c *connection) hold(it item, size int) {
	if c.waiting+c.held.bytes+size > queueLimit {
		c.held.lost = true
		c.dropHeld()
	}
	if c.held.lost {
		return
	}
	c.held.frames = append(c.held.frames, it)
	c.held.bytes += size
}

func (c *connection) dropHeld() { c.held.frames, c.held.bytes = nil, 0 }

// beginReplay holds back what is sent from now on.
func (c *connection) beginReplay() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = held{on: true, room: make(chan struct{}, 1)}
}

// sendReplayed queues a replayed frame, waiting while much is queued already.
func (c *connection) sendReplayed(ctx context.Context, it item) error {
	for {
		c.mu.Lock()
		switch {
		case c.phase != open:
			c.mu.Unlock()
			return errGoing
		case c.held.lost:
			c.mu.Unlock()
			return nil // replayLost says so at the end
		case c.waiting < queueLimit/4:
			c.push(it, it.size())
			c.mu.Unlock()
			return nil
		}
		room := c.held.room
		c.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// replayLost says whether frames that were to follow had to be dropped.
func (c *connection) replayLost() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held.lost
}

// endReplay sends the reply and then what was held back. The reader's place is never
// before reached again.
func (c *connection) endReplay(reply item, reached *horizon) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != open {
		return
	}
	c.floor = reached
	reply.at, reply.version = reached, uint32(c.rights.Load().Version)
	c.push(reply, reply.size())
	frames := c.held.frames
	c.held = held{}
	for _, it := range frames {
		if it.body.cursor > 0 {
			it.at = reached.later(it.at)
		}
		c.push(it, it.size())
	}
}

// wakeReplay lets a waiting replay look again. The caller holds the lock.
func (c *connection) wakeReplay() {
	if c.held.room != nil {
		select {
		case c.held.room <- struct{}{}:
		default:
		}
	}
}
