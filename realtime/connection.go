package realtime

import (
	"encoding/json"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"baraza/tenancy"
)

const (
	// queueLimit is what may wait for one connection, in bytes. Past it the reader is
	// too slow and is closed; it resumes from its cursor.
	queueLimit = 256 << 10
	// fleetingLimit is where typing and viewing begin to be left out.
	fleetingLimit = 32 << 10
	// closeWait is how long a peer may take to answer a close frame.
	closeWait = 2 * time.Second
	// kernelBuffer bounds what the kernel takes for a peer that reads nothing. Left to
	// itself it grows to megabytes, and slowness shows only when those are full.
	kernelBuffer = 64 << 10
	// keptItems is how much of an empty queue's memory a connection keeps.
	keptItems = 16
)

// Close codes of API.md §5.
const (
	closeGoing       = websocket.CloseGoingAway
	closeProtocol    = websocket.CloseProtocolError
	closeLost        = websocket.CloseAbnormalClosure // never sent: the peer was gone
	closeUnsupported = websocket.CloseUnsupportedData
	closeNotUTF8     = websocket.CloseInvalidFramePayloadData
	closeBadFrame    = websocket.ClosePolicyViolation
	closeTooLarge    = websocket.CloseMessageTooBig
	closeRestart     = websocket.CloseServiceRestart
	closeSession     = 4001
	closeSuspended   = 4003
	closeSlow        = 4008
	closeRate        = 4029
)

type phase uint8

const (
	joining phase = iota // before the upgrade: counted, and can be told to close
	open
	shutting // the close frame waits for its turn
	shut     // nothing is written any more
)

// connection is one socket. Frames are queued by anybody, written by its lane alone,
// and read by its own goroutine.
type connection struct {
	hub    *Hub
	tenant uuid.UUID
	home   *tenantSockets
	shard  *shard
	lane   *lane
	rights atomic.Pointer[rights]
	// ends is when the login session ends, heard when the peer was last heard, told
	// when it last got a cursor: Unix milliseconds, 0 for never.
	ends, heard, told atomic.Int64

	ws   *websocket.Conn
	net  net.Conn
	raw  syscall.RawConn // nil where the socket cannot be written without waiting (TLS)
	rate gcra
	// counted is the last answer to a ping: who asks more often gets it again.
	counted   json.RawMessage
	countedAt time.Time
	// pinged is the timing wheel's own.
	pinged int64

	next *connection // in the lane's list

	renewing sync.Mutex // held while the rights are read anew

	mu        sync.Mutex
	phase     phase
	code      int // why it closes
	queue     []item
	first     int // the first of queue not yet taken
	waiting   int // bytes queued or being written
	scheduled bool
	gone      bool // the reading goroutine has ended
	over      sync.Once

	topics  []topic
	viewing uuid.UUID
	// floor is the newest place this connection was given by a replay.
	floor *horizon
	held  held
	// checking are the conversations whose visibility is being read; true: read it again.
	checking map[uuid.UUID]*bool
}

// rights are a scope with the answers every frame needs.
type rights struct {
	tenancy.Scope
	views, pii bool
}

func rightsOf(s tenancy.Scope) *rights {
	s.AuthenticatedAt = time.Time{} // a fresh proof changes nothing a socket may see
	return &rights{s, s.May(tenancy.ConversationView), s.May(tenancy.ContactViewPII)}
}

// send queues a frame, or closes the connection that is too far behind. It never waits.
func (c *connection) send(it item) {
	it.version = uint32(c.rights.Load().Version)
	size := it.size()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != open {
		return
	}
	if it.fleeting && c.waiting > fleetingLimit {
		c.hub.count.Skipped.Add(1)
		return
	}
	if it.body.cursor > 0 {
		it.at = c.home.horizon.Load().later(c.floor)
	}
	if c.held.on {
		c.hold(it, size)
		return
	}
	if c.waiting+size > queueLimit {
		c.closeLocked(closeSlow, "too slow")
		return
	}
	c.push(it, size)
}

// push queues and wakes the lane. The caller holds the lock.
func (c *connection) push(it item, size int) {
	if it.body.cursor > 0 {
		c.told.Store(c.hub.clock.Load())
	}
	if c.first > 0 && len(c.queue) == cap(c.queue) {
		c.queue = c.queue[:copy(c.queue, c.queue[c.first:])]
		c.first = 0
	}
	c.queue = append(c.queue, it)
	c.waiting += size
	if !c.scheduled {
		c.scheduled = true
		c.lane.put(c)
	}
}

// close ends the connection with a code, once; later calls change nothing.
func (c *connection) close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(code, reason)
}

func (c *connection) closeLocked(code int, reason string) {
	if c.phase >= shutting || c.code != 0 {
		return
	}
	c.code = code
	if c.phase == joining {
		return // attach closes
	}
	if code == closeSlow || code == closeSession || code == closeSuspended {
		// Too much to send, or no longer theirs to read.
		c.dropQueue()
	}
	c.finish(code, reason)
}

// answer is the peer's own goodbye, given back.
func (c *connection) answer(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == open {
		c.code = websocket.CloseNormalClosure
		c.finish(code, "")
	}
}

// finish queues the close frame, the last one. The caller holds the lock.
func (c *connection) finish(code int, reason string) {
	c.hub.count.closed(c.code)
	c.phase = shutting
	c.dropHeld()
	c.wakeReplay()
	it := item{opcode: opClose, body: closing(code, reason)}
	c.push(it, it.size())
}

func (c *connection) dropQueue() {
	for i := c.first; i < len(c.queue); i++ {
		c.waiting -= c.queue[i].size()
	}
	clear(c.queue)
	c.queue, c.first = c.queue[:0], 0
}

// attach gives the connection its socket. One told to close meanwhile closes now.
func (c *connection) attach(ws *websocket.Conn, socket net.Conn) {
	c.ws, c.net = ws, socket
	c.hub.sockets.Add(1)
	if b, ok := c.net.(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = b.SetWriteBuffer(kernelBuffer) // a socket that refuses works with its own
	}
	if s, ok := c.net.(syscall.Conn); ok {
		if raw, err := s.SyscallConn(); err == nil {
			c.raw = raw
		}
	}
	now := c.hub.clock.Load()
	c.heard.Store(now)
	c.pinged = now
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phase = open
	hello := c.hello()
	c.push(hello, hello.size())
	if code := c.code; code != 0 {
		c.code = 0
		c.closeLocked(code, "")
	}
}

// accepting says whether what the peer sends is still worth reading.
func (c *connection) accepting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phase == open
}

// sever closes the socket without a word: the peer cannot be talked to.
func (c *connection) sever(code int) {
	c.mu.Lock()
	if c.phase < shutting {
		c.code = code
		c.hub.count.closed(code)
	}
	c.phase = shut
	c.dropHeld()
	c.dropQueue()
	c.wakeReplay()
	c.mu.Unlock()
	c.closeSocket()
}

func (c *connection) closeSocket() {
	c.over.Do(func() {
		_ = c.net.Close() // whatever it says, there is no socket afterwards
		c.hub.sockets.Done()
	})
}

// ended is called once by the reading goroutine: it will not read again. A queued
// close frame still goes out; its writer then closes the socket.
func (c *connection) ended() {
	c.mu.Lock()
	c.gone = true
	wait := c.phase == shutting
	if !wait {
		c.phase = shut
	}
	c.wakeReplay()
	c.mu.Unlock()
	if !wait {
		c.closeSocket()
	}
}
