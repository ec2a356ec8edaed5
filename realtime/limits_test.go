package realtime

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/tenancy"
)

// W8: connections per person and per tenant, and how fast they may come.
func TestConnectionLimits(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) { c.UserSockets, c.TenantSockets = 3, 4 })
	refused := func(scope tenancy.Scope) (int, string) {
		_, response, err := dial(s.at, http.Header{"Authorization": {"Bearer " + s.desk.signIn(scope)}}, "")
		require.ErrorIs(t, err, websocket.ErrBadHandshake)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(body)
	}
	first := s.open(s.A)
	s.open(s.A)
	s.open(s.A)
	status, body := refused(first.scope)
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Contains(t, body, "rate_limited")
	member := s.NewMember(t, first.scope.TenantID, "agent")
	s.open(member)
	another := s.NewMember(t, first.scope.TenantID, "agent")
	status, _ = refused(tenancy.From(another))
	require.Equal(t, http.StatusTooManyRequests, status)
	s.open(s.B)
	require.Equal(t, map[uuid.UUID]int{first.scope.TenantID: 4, tenancy.From(s.B).TenantID: 1}, s.hub.Sockets())

	require.NoError(t, first.ws.Close())
	dbtest.Eventually(t, "the place is free", func() bool { return s.hub.Sockets()[first.scope.TenantID] == 3 })
	s.open(another)
}

func TestUpgradeLimit(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) { c.Upgrades = 1 })
	s.open(s.A)
	_, response, err := dial(s.at, http.Header{"Authorization": {"Bearer " + s.desk.signIn(tenancy.From(s.A))}}, "")
	require.ErrorIs(t, err, websocket.ErrBadHandshake)
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
}

// A subscription is there while the tenant has a socket, and no longer.
func TestListensWhileThereIsASocket(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tenant := tenancy.From(s.A).TenantID
	heard := func() uint64 { return s.bus.Metrics().LiveReceived }
	before := heard()
	require.NoError(t, s.bus.PublishLive(tenant, []byte("nobody listens")))
	c := s.open(s.A)
	require.NoError(t, s.bus.PublishLive(tenant, []byte("somebody does, and is not impressed")))
	dbtest.Eventually(t, "one message", func() bool { return heard() == before+1 })
	require.NoError(t, c.ws.Close())
	dbtest.Eventually(t, "nobody left", func() bool { return len(s.hub.Sockets()) == 0 })
}

// W8: what one connection may send.
func TestFrameLimits(t *testing.T) {
	t.Parallel()
	s := newStage(t)

	t.Run("64_KiB_and_not_a_byte_more", func(t *testing.T) {
		c := s.open(s.A)
		pad := func(n int) []byte {
			text := `{"type":"ping","ref":"x"`
			return []byte(text + strings.Repeat(" ", n-len(text)-1) + "}")
		}
		require.NoError(t, c.ws.WriteMessage(websocket.TextMessage, pad(frameLimit)))
		require.Equal(t, "x", c.until("pong", func(f frame) bool { return f.Type == "pong" }).Ref)
		require.NoError(t, c.ws.WriteMessage(websocket.TextMessage, pad(frameLimit+1)))
		require.Equal(t, websocket.CloseMessageTooBig, c.closed())
	})
	t.Run("20_a_second_and_40_at_once", func(t *testing.T) {
		c := s.open(s.A)
		for range 200 {
			if c.ws.WriteJSON(map[string]any{"type": "ping"}) != nil {
				break
			}
		}
		require.Equal(t, closeRate, c.closed())
		pongs := 0
		for _, f := range c.seen {
			if f.Type == "pong" {
				pongs++
			}
		}
		require.GreaterOrEqual(t, pongs, frameBurst)
	})
	t.Run("500_topics", func(t *testing.T) {
		c := s.open(s.A)
		ids := make([]string, topicLimit+1)
		rows := make([]uuid.UUID, len(ids))
		for i := range ids {
			rows[i] = db.NewID()
			ids[i] = "conversation:" + rows[i].String()
		}
		like := s.conversation(s.A, uuid.Nil, c.scope.UserID)
		_, err := db.Exec(s.A, s.Tenant, `
			insert into conversations (id, number, channel_id, contact_id, identity_id, status, opened_at, last_message_at)
			select u.id, 1000 + u.n, c.channel_id, c.contact_id, c.identity_id, 'closed', now(), now()
			from conversations c, unnest($2::uuid[]) with ordinality u(id, n)
			where c.id = $1`, like, rows)
		require.NoError(t, err)
		reply := c.subscribe("", ids...)
		require.Len(t, reply.Topics, topicLimit)
		require.Equal(t, []string{"error", "rate_limited", ids[topicLimit]}, []string{c.seen[1].Type, c.seen[1].Code, c.seen[1].Topic})
		require.Equal(t, []string{ids[0]}, c.subscribe("", ids[0]).Topics, "what is there already takes no place")
		c.say(map[string]any{"type": "unsubscribe", "topics": ids[:1]})
		require.Equal(t, []string{ids[topicLimit]}, c.subscribe("", ids[topicLimit]).Topics)
	})
}

func TestBadFrames(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := uuid.NewString()
	for _, message := range []string{
		``, `null`, `[]`, `7`, `"ping"`, `{`, `{}`, `{"type":null}`, `{"type":"PING"}`, `{"Type":"ping"}`, `{"type":"hello"}`, `{"type":"event"}`,
		`{"type":"ping","x":1}`, `{"type":"ping","ref":7}`, `{"type":"ping"}{"type":"ping"}`, `{"type":"ping","type":"ping"}`, `{"type":"ping",}`,
		`{"type":"ping","ref":"` + strings.Repeat("r", refLimit+1) + `"}`, `{"type":"ping","ref":"\ud800"}`,
		`{"type":"subscribe"}`, `{"type":"subscribe","topics":[]}`, `{"type":"subscribe","topics":"inbox"}`, `{"type":"subscribe","topics":[1]}`,
		`{"type":"subscribe","topics":["inbox"],"tenant_id":"` + id + `"}`, `{"type":"subscribe","topics":["inbox"],"since":7}`,
		`{"type":"typing","conversation_id":"` + id + `","state":"maybe","mode":"reply"}`, `{"type":"typing","conversation_id":"` + id + `","state":"start"}`,
		`{"type":"presence","availability":"gone"}`, `{"type":"presence","viewing":7}`,
	} {
		c := s.open(s.A)
		require.NoError(t, c.ws.WriteMessage(websocket.TextMessage, []byte(message)))
		require.Equal(t, closeBadFrame, c.closed(), message)
	}
}

// An internal error is told by its code alone.
func TestErrorsSayNothingOfTheInside(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) {
		c.SetAvailability = nil
		c.Visible = func(context.Context, uuid.UUID) error { return fmt.Errorf("SQLSTATE 42P01 at 0xc000: map[a:b]") }
	})
	c := s.open(s.A)
	c.subscribe("", "conversation:"+uuid.NewString())
	require.Equal(t, "internal", c.seen[1].Code)
	c.say(map[string]any{"type": "presence", "ref": "p", "availability": "busy", "reason": nil})
	f := c.until("error", func(f frame) bool { return f.Type == "error" })
	require.Equal(t, []string{"unavailable", "p"}, []string{f.Code, f.Ref})
}

func TestAvailability(t *testing.T) {
	t.Parallel()
	chosen := make(chan [2]string, 1)
	s := newStage(t, func(c *Config) {
		c.SetAvailability = func(_ context.Context, availability, reason string) error {
			chosen <- [2]string{availability, reason}
			return nil
		}
	})
	c := s.open(s.A)
	c.say(map[string]any{"type": "presence", "availability": "break", "reason": "lunch"})
	require.Equal(t, [2]string{"break", "lunch"}, <-chosen)
}

// Who sends nothing and answers no ping is gone; who answers stays.
func TestSilence(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) { c.PingEvery, c.Silence = 100*time.Millisecond, 2*time.Second })
	alive, dead := s.open(s.A), s.open(s.A)
	pings := 0
	alive.ws.SetPingHandler(func(data string) error {
		pings++
		if pings == 25 {
			return alive.ws.WriteJSON(map[string]any{"type": "ping", "ref": "still here"})
		}
		return alive.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	dead.ws.SetPingHandler(func(string) error { return nil })
	require.Equal(t, "still here", alive.until("pong", func(f frame) bool { return f.Type == "pong" }).Ref, "for longer than silence lasts")
	require.Equal(t, websocket.CloseGoingAway, dead.closed())
}
