package realtime

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"baraza/db/dbtest"
	"baraza/tenancy"
)

// W4: who stops reading is closed with 4008 and resumes without a gap; the others get
// everything meanwhile.
func TestSlowReaders(t *testing.T) {
	t.Parallel()
	const slowReaders, healthyReaders, events = 5, 10, 60
	s := newStage(t)
	conversation := s.conversation(s.A, tenancy.From(s.A).Teams[0], tenancy.From(s.A).UserID)
	slow := make([]*client, slowReaders)
	for i := range slow {
		slow[i] = s.openSmall()
		slow[i].subscribe("", "inbox")
	}
	since := slow[0].seen[len(slow[0].seen)-1].Cursor
	var healthy errgroup.Group
	got := make(chan struct{}, healthyReaders)
	for range healthyReaders {
		c := s.open(s.A)
		c.subscribe("", "inbox")
		healthy.Go(func() error {
			for n := 0; n < events; {
				f, err := c.read()
				if err != nil {
					return err
				}
				if f.Name == "message.created" {
					n++
					got <- struct{}{}
				}
			}
			return nil
		})
	}
	long := strings.Repeat("long ", 4_000)
	for range events {
		receive(t, s.A, s.live, conversation, long, true)
		for range healthyReaders {
			<-got // nobody waits for the slow ones
		}
	}
	require.NoError(t, healthy.Wait())
	require.EqualValues(t, slowReaders, s.hub.Counts().Closed[closeSlow])
	for _, c := range s.hub.connections() {
		c.mu.Lock()
		require.LessOrEqual(t, c.waiting, queueLimit)
		c.mu.Unlock()
	}
	// What the kernel held back is read now; the close frame follows where it still fitted.
	for _, c := range slow {
		require.Contains(t, []int{closeSlow, websocket.CloseAbnormalClosure}, c.closed())
	}
	dbtest.Eventually(t, "the slow ones are gone", func() bool { return len(s.hub.connections()) == healthyReaders })

	again := s.open(s.A)
	reply := again.subscribe(since, "inbox")
	require.True(t, reply.Resumed)
	require.Equal(t, events, reply.Replayed, "several times what a queue holds, as fast as it is read")
}

// openSmall is open with a receive window that fills at once.
func (s *stage) openSmall() *client {
	s.t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: 10 * time.Second, NetDial: func(network, address string) (net.Conn, error) {
		conn, err := net.Dial(network, address) //nolint:noctx // closed with the socket
		if err != nil {
			return nil, err
		}
		return conn, conn.(*net.TCPConn).SetReadBuffer(32 << 10) //nolint:forcetypeassert // a TCP connection
	}}
	token := s.desk.signIn(tenancy.From(s.A))
	ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(s.at.URL, "http")+"/api/ws", http.Header{"Authorization": {"Bearer " + token}})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { ws.Close() }) //nolint:errcheck // the test is over
	c := &client{t: s.t, ws: ws, scope: tenancy.From(s.A)}
	require.Equal(s.t, "hello", c.next().Type)
	return c
}

// A reader who cannot keep up with a replay starts afresh instead of looping.
func TestReplayOverrunByLiveFrames(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	conversation := s.conversation(s.A, tenancy.From(s.A).Teams[0], tenancy.From(s.A).UserID)
	c := s.openSmall()
	since := c.seen[0].Cursor
	long := strings.Repeat("long ", 12_000)
	for range 12 {
		receive(t, s.A, s.Tenant, conversation, long, false)
	}
	c.say(map[string]any{"type": "subscribe", "ref": "s", "topics": []string{"inbox"}, "since": since})
	one := s.hub.connections()[0]
	dbtest.Eventually(t, "the replay waits for the reader", func() bool {
		one.mu.Lock()
		defer one.mu.Unlock()
		return one.held.on && one.waiting >= queueLimit/4
	})
	for range 6 {
		receive(t, s.A, s.live, conversation, long, true)
	}
	dbtest.Eventually(t, "too much is held back", func() bool { return one.replayLost() })
	require.True(t, c.until("subscribed", func(f frame) bool { return f.Type == "subscribed" }).Reset)
	receive(t, s.A, s.live, conversation, "after", true)
	// What was still on its way when the replay was given up may come before it.
	c.until("the message after", func(f frame) bool { return f.Name == "message.created" && strings.Contains(string(f.Data), "after") })
}

// Typing is the first to be left out, and closes nobody.
func TestFleetingFramesAreLeftOut(t *testing.T) {
	t.Parallel()
	c := &connection{hub: &Hub{}, home: &tenantSockets{}, lane: newLane(&Hub{}), phase: open}
	c.rights.Store(rightsOf(tenancy.Scope{}))
	c.waiting = fleetingLimit + 1
	c.send(item{opcode: opText, fleeting: true, body: &body{text: []byte("typing")}})
	require.Empty(t, c.queue)
	require.EqualValues(t, 1, c.hub.count.Skipped.Load())
	c.send(item{opcode: opText, body: &body{text: []byte("message")}})
	require.Len(t, c.queue, 1)
}
