package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"baraza/bench/measure"
)

// oneIn of the sockets reads what it gets and knows when it was sent; the others read
// frame headers alone.
const oneIn = 64

// stampMember stands before the nanosecond at which an event was meant to be sent.
const stampMember = `"t":`

// Crowd is many sockets in a process of their own.
type Crowd struct {
	members []*member
	readers sync.WaitGroup

	frames, bytes atomic.Int64
	// threshold is the number of frames that somebody waits for.
	threshold atomic.Int64
	reached   chan struct{}
	paused    atomic.Bool
	resume    chan struct{}

	mu      sync.Mutex
	latency measure.Histogram
	ended   map[string]int
}

// NewCrowd is empty.
func NewCrowd() *Crowd {
	return &Crowd{reached: make(chan struct{}, 1), resume: make(chan struct{}), ended: map[string]int{}}
}

type member struct {
	socket  *Socket
	sampled bool
	slow    bool
}

// Open says which sockets to open.
type Open struct {
	Address string `json:"address"`
	Path    string `json:"path"`
	// Tokens are used in turn. Without one the connections are raw: nothing is upgraded.
	Tokens []string `json:"tokens"`
	N      int      `json:"n"`
	// Rate per second at which they come.
	Rate float64 `json:"rate"`
	// Subscribe is the JSON array of topics; "" for none.
	Subscribe string `json:"subscribe"`
	// Slow sockets, the last ones, stop reading when told to pause.
	Slow int `json:"slow"`
}

// Opened says how it went.
type Opened struct {
	Latency measure.Quantiles `json:"latency"`
	Refused int               `json:"refused"`
	Seconds float64           `json:"seconds"`
}

// openers is how many connect at once: as many as a network in front would.
const openers = 32

// Open opens more sockets. One that is refused is tried again after a second, like a
// client that keeps to Retry-After.
func (c *Crowd) Open(ctx context.Context, o Open) (Opened, error) {
	type one struct {
		i   int
		due time.Time
	}
	waiting := make(chan one, o.N)
	made := make([]*member, o.N)
	began := time.Now()
	var refused atomic.Int64
	var mu sync.Mutex
	var latency measure.Histogram
	var errs []error
	var workers sync.WaitGroup
	for range openers {
		workers.Go(func() {
			for w := range waiting {
				m := &member{sampled: w.i%oneIn == 0, slow: w.i >= o.N-o.Slow}
				for {
					err := m.open(o, w.i)
					var no Refused
					if errors.As(err, &no) && (no == 429 || no == 503) && ctx.Err() == nil && time.Since(began) < 2*time.Minute {
						refused.Add(1)
						pause(ctx, time.Second)
						continue
					}
					mu.Lock()
					latency.Record(time.Since(w.due))
					if err != nil {
						errs = append(errs, err)
					} else {
						made[w.i] = m
					}
					mu.Unlock()
					break
				}
			}
		})
	}
	schedule := measure.Schedule{Start: began, Rate: o.Rate, N: o.N}
	schedule.Pace(ctx, func(i int, due time.Time) { waiting <- one{i, due} })
	close(waiting)
	workers.Wait()
	seconds := time.Since(began).Seconds()
	for _, m := range made {
		if m != nil {
			c.members = append(c.members, m)
			c.readers.Go(func() { c.read(m) })
		}
	}
	if len(errs) > 0 {
		return Opened{}, fmt.Errorf("%d of %d sockets: %w", len(errs), o.N, errs[0])
	}
	return Opened{latency.Quantiles(), int(refused.Load()), seconds}, ctx.Err()
}

func (m *member) open(o Open, i int) error {
	if len(o.Tokens) == 0 {
		conn, err := dial(o.Address)
		if err == nil {
			m.socket = &Socket{net: conn, in: bufio.NewReader(conn)}
		}
		return err
	}
	s, err := OpenSocket(o.Address, o.Path, o.Tokens[i%len(o.Tokens)])
	if err != nil {
		return err
	}
	m.socket = s
	if m.slow {
		// Left to itself the kernel would take megabytes for one that sleeps.
		if tcp, ok := s.net.(*net.TCPConn); ok {
			if err := tcp.SetReadBuffer(64 << 10); err != nil {
				return err
			}
		}
	}
	if o.Subscribe != "" {
		return s.Subscribe(o.Subscribe)
	}
	return nil
}

// read is a member's goroutine.
func (c *Crowd) read(m *member) {
	err := c.follow(m)
	reason := "closed here"
	var code closeCode
	switch {
	case errors.As(err, &code):
		reason = strconv.Itoa(int(code))
	case !errors.Is(err, net.ErrClosed):
		reason = "lost"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended[reason]++
}

type closeCode int

func (c closeCode) Error() string { return "closed with " + strconv.Itoa(int(c)) }

func (c *Crowd) follow(m *member) error {
	if m.sampled {
		return c.followWhole(m)
	}
	// The socket's buffered reader holds what came with the handshake; after it the
	// connection is read directly.
	h := headers{crowd: c, member: m}
	if n := m.socket.in.Buffered(); n > 0 {
		early, err := m.socket.in.Peek(n)
		if err == nil {
			err = h.take(early)
		}
		if err != nil {
			return err
		}
	}
	m.socket.in = nil
	buf := make([]byte, 4<<10)
	for {
		if m.slow && c.paused.Load() {
			<-c.resume
		}
		n, err := m.socket.net.Read(buf)
		if n > 0 {
			if err := h.take(buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

// followWhole reads payloads too.
func (c *Crowd) followWhole(m *member) error {
	for {
		opcode, payload, err := m.socket.Next()
		if err != nil {
			return err
		}
		switch opcode {
		case OpText:
			if sent, ok := stamp(payload); ok {
				c.mu.Lock()
				c.latency.Record(time.Since(sent))
				c.mu.Unlock()
			}
			c.count(1, len(payload))
		case OpClose:
			return codeOf(payload)
		}
	}
}

func codeOf(payload []byte) error {
	if len(payload) < 2 {
		return closeCode(1005)
	}
	return closeCode(binary.BigEndian.Uint16(payload))
}

// stamp finds when an event was meant to be sent.
func stamp(payload []byte) (time.Time, bool) {
	_, rest, ok := bytes.Cut(payload, []byte(stampMember))
	if !ok {
		return time.Time{}, false
	}
	end := bytes.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(string(rest[:end]), 10, 64)
	return time.Unix(0, n), err == nil
}

// count adds frames and wakes whoever waits for them.
func (c *Crowd) count(frames, size int) {
	c.bytes.Add(int64(size))
	if t := c.threshold.Load(); c.frames.Add(int64(frames)) >= t && t > 0 && c.threshold.CompareAndSwap(t, 0) {
		select {
		case c.reached <- struct{}{}:
		default:
		}
	}
}

// await waits until so many frames have come in all.
func (c *Crowd) await(ctx context.Context, frames int64) error {
	select {
	case <-c.reached: // of an earlier wait that was not needed
	default:
	}
	c.threshold.Store(frames)
	if c.frames.Load() >= frames {
		c.threshold.Store(0)
		return nil
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for c.frames.Load() < frames {
		select {
		case <-c.reached:
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return fmt.Errorf("%d of %d frames came within %s", c.frames.Load(), frames, patience)
		}
	}
	return nil
}

// headers reads frame headers and skips payloads, across any cuts.
type headers struct {
	crowd  *Crowd
	member *member
	head   [10]byte
	have   int
	skip   int
	opcode byte
	code   []byte // of a close frame
}

func (h *headers) take(b []byte) error {
	frames, size := 0, len(b)
	defer func() {
		if frames > 0 {
			h.crowd.count(frames, size)
		}
	}()
	for len(b) > 0 {
		if h.skip > 0 {
			n := min(h.skip, len(b))
			if h.opcode == OpClose {
				h.code = append(h.code, b[:n]...)
			}
			b, h.skip = b[n:], h.skip-n
			if h.skip > 0 {
				return nil
			}
		} else {
			h.head[h.have] = b[0]
			h.have++
			b = b[1:]
			if !h.complete() {
				continue
			}
			if h.skip > 0 {
				continue
			}
		}
		switch h.opcode {
		case OpText:
			frames++
		case OpClose:
			return codeOf(h.code)
		case OpPing:
			if err := h.member.socket.Write(OpPong, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// complete reads the header once it is whole, and begins to skip its payload.
func (h *headers) complete() bool {
	if h.have < 2 {
		return false
	}
	n, extra := int(h.head[1]&0x7F), 0
	switch n {
	case 126:
		extra = 2
	case 127:
		extra = 8
	}
	if h.have < 2+extra {
		return false
	}
	switch extra {
	case 2:
		n = int(binary.BigEndian.Uint16(h.head[2:]))
	case 8:
		n = int(binary.BigEndian.Uint64(h.head[2:]))
	}
	h.opcode, h.skip, h.have = h.head[0]&0xF, n, 0
	return true
}

// Counted is what came in.
type Counted struct {
	Frames  int64             `json:"frames"`
	Bytes   int64             `json:"bytes"`
	Seconds float64           `json:"seconds"`
	Latency measure.Quantiles `json:"latency"`
	// Ended sockets by close code, since the crowd came.
	Ended map[string]int `json:"ended"`
}

// Count counts for a span.
func (c *Crowd) Count(ctx context.Context, span time.Duration) (Counted, error) {
	return c.during(func() error {
		pause(ctx, span)
		return ctx.Err()
	})
}

// during counts what comes while do runs.
func (c *Crowd) during(do func() error) (Counted, error) {
	c.mu.Lock()
	c.latency = measure.Histogram{}
	c.mu.Unlock()
	frames, size, began := c.frames.Load(), c.bytes.Load(), time.Now()
	err := do()
	got := Counted{Frames: c.frames.Load() - frames, Bytes: c.bytes.Load() - size, Seconds: time.Since(began).Seconds(), Ended: map[string]int{}}
	c.mu.Lock()
	defer c.mu.Unlock()
	got.Latency = c.latency.Quantiles()
	for reason, n := range c.ended {
		got.Ended[reason] = n
	}
	return got, err
}

// Pause has the slow sockets stop reading.
func (c *Crowd) Pause() { c.paused.Store(true) }

// Leave closes every socket and waits for their readers.
func (c *Crowd) Leave() error {
	c.paused.Store(false)
	close(c.resume)
	var errs []error
	for _, m := range c.members {
		if err := m.socket.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	c.readers.Wait()
	c.members, c.resume = nil, make(chan struct{})
	return errors.Join(errs...)
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
