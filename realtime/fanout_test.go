package realtime

import (
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// crowd are sockets that count the bytes they get and allocate nothing.
type crowd struct {
	got     atomic.Int64
	want    atomic.Int64
	all     chan struct{}
	readers sync.WaitGroup
	wires   []*wire
}

func newCrowd(t testing.TB, server *httptest.Server, token string, n int) *crowd {
	t.Helper()
	c := &crowd{all: make(chan struct{}, 1)}
	for range n {
		w, err := upgradeRaw(server, token)
		require.NoError(t, err)
		require.NoError(t, w.net.SetDeadline(time.Time{}))
		_, err = w.net.Write(masked(fin|text, []byte(`{"type":"subscribe","topics":["inbox"]}`)))
		require.NoError(t, err)
		_, _, err = w.frame()
		require.NoError(t, err)
		c.wires = append(c.wires, w)
		buf := make([]byte, 4096)
		c.readers.Go(func() {
			for {
				n, err := w.net.Read(buf)
				if got := c.got.Add(int64(n)); n > 0 && got == c.want.Load() {
					c.all <- struct{}{}
				}
				if err != nil {
					return
				}
			}
		})
	}
	return c
}

func (c *crowd) leave() {
	for _, w := range c.wires {
		w.net.Close() //nolint:errcheck // it has served
	}
	c.readers.Wait()
}

// tell publishes one event and waits until all have it.
func (c *crowd) tell(h *Hub, e *sample) {
	e.changes[0].ID = db.NewID()
	c.want.Store(c.got.Load() + int64(e.frame*len(c.wires)))
	h.take(e.tenant, e.changes)
	<-c.all
}

// sample is an event of 120 bytes and the length of its frame.
type sample struct {
	tenant  uuid.UUID
	changes []db.Change
	frame   int
}

func newSample(tenant uuid.UUID) *sample {
	change := db.Change{ID: db.NewID(), Name: "message.status", Entity: "message", EntityID: db.NewID(), At: time.Now(),
		Live: domain.Live{Data: []byte(`{"id":"` + strings.Repeat("x", 111) + `"}`), Audience: domain.Audience{Everyone: true}}}
	it := item{opcode: opText, head: eventHead(inboxTopic, uuid.Nil), at: &horizon{}}
	it.body = eventBody(change.ID, change.Name, change.At, change.Live.(domain.Live).Data) //nolint:forcetypeassert // as written above
	return &sample{tenant, []db.Change{change}, len(it.appendTo(nil))}
}

// PERFORMANCE.md §3: one event to N sockets is encoded once, and a recipient costs no
// allocation. Not parallel: it counts the allocations of the whole process.
func TestFanOutAllocatesPerEventOnly(t *testing.T) { //nolint:paralleltest // see above
	const sockets = 200
	s := newStage(t, crowded)
	c := newCrowd(t, s.at, s.desk.signIn(tenancy.From(s.A)), sockets)
	defer c.leave()
	e := newSample(tenancy.From(s.A).TenantID)
	tell := func() { c.tell(s.hub, e) }
	for range 20 {
		tell()
	}
	before := s.hub.Counts()
	allocations := testing.AllocsPerRun(100, tell)
	require.Less(t, allocations, sockets/4.0, "allocations for %d recipients", sockets)
	after := s.hub.Counts()
	events := after.Events - before.Events
	require.Equal(t, events, after.Encodes-before.Encodes)
	require.Equal(t, events*sockets, after.Deliveries-before.Deliveries)
	require.LessOrEqual(t, after.Writes-before.Writes, events*sockets)
	t.Logf("%.0f allocations for %d recipients", allocations, sockets)
}

// CH-33: from the commit to the screens of two instances with 500 sockets each; the
// budget is a p95 below 500 ms.
func BenchmarkCommitToScreen(b *testing.B) {
	r := newRace(b, 500)
	defer r.end()
	var took []time.Duration
	for b.Loop() {
		took = append(took, r.run(1)...)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// race is two instances with a crowd each, and sixteen screens that carry a clock.
type race struct {
	s            *stage
	conversation uuid.UUID
	arrived      chan time.Time
	clocks       sync.WaitGroup
	crowds       []*crowd
	probes       []*client
}

func newRace(t testing.TB, sockets int) *race {
	t.Helper()
	s := newStage(t, crowded)
	_, other, _, _ := s.instance(crowded)
	r := &race{s: s, conversation: s.conversation(s.A, uuid.Nil, tenancy.From(s.A).UserID), arrived: make(chan time.Time, 16)}
	token := s.desk.signIn(tenancy.From(s.A))
	for _, server := range []*httptest.Server{s.at, other} {
		r.crowds = append(r.crowds, newCrowd(t, server, token, sockets-8))
		for range 8 {
			probe := s.openAt(server, s.A)
			probe.subscribe("", "inbox")
			r.probes = append(r.probes, probe)
			r.clocks.Go(func() {
				for {
					f, err := probe.read()
					if err != nil {
						return // closed at the end
					}
					if f.Name == "message.created" {
						r.arrived <- time.Now()
					}
				}
			})
		}
	}
	return r
}

// run sends messages and returns, sorted, how long each took to each clock.
func (r *race) run(messages int) []time.Duration {
	var took []time.Duration
	for range messages {
		receive(r.s.t, r.s.A, r.s.live, r.conversation, "how late is it?", true)
		at := time.Now()
		for range cap(r.arrived) {
			took = append(took, (<-r.arrived).Sub(at))
		}
	}
	slices.Sort(took)
	return took
}

func (r *race) end() {
	for _, probe := range r.probes {
		probe.ws.Close() //nolint:errcheck // it has served
	}
	for _, c := range r.crowds {
		c.leave()
	}
	r.clocks.Wait()
}

func crowded(c *Config) { c.Upgrades, c.CountsEvery, c.PingEvery = 1_000_000, time.Hour, time.Hour }

// BenchmarkFanOut is W1: one topic, 120 bytes; ns/op is one event to all of them.
func BenchmarkFanOut(b *testing.B) {
	for _, sockets := range []int{100, 1000} {
		b.Run(strconv.Itoa(sockets), func(b *testing.B) {
			s := newStage(b, crowded)
			c := newCrowd(b, s.at, s.desk.signIn(tenancy.From(s.A)), sockets)
			defer c.leave()
			e := newSample(tenancy.From(s.A).TenantID)
			c.tell(s.hub, e)
			b.ReportAllocs()
			for b.Loop() {
				c.tell(s.hub, e)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*sockets), "ns/delivery")
		})
	}
}

func BenchmarkSees(b *testing.B) {
	mine := make([]uuid.UUID, 20)
	for i := range mine {
		mine[i] = uuid.New()
	}
	r := rightsOf(tenancy.Scope{TenantID: uuid.New(), UserID: uuid.New(), Rows: tenancy.RowScope{Own: true, Team: true, Channel: true}, Teams: mine, Channels: mine})
	row := domain.Audience{Assignee: uuid.New(), Team: uuid.New(), Channel: uuid.New(), Queued: true, Participants: mine}
	for b.Loop() {
		r.Sees(row)
	}
}
