package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"baraza/tenancy"
)

// client is a screen: a real WebSocket, and everything it was sent.
type client struct {
	t     testing.TB
	ws    *websocket.Conn
	scope tenancy.Scope
	seen  []frame
}

type frame struct {
	Type     string          `json:"type"`
	Ref      string          `json:"ref"`
	ID       uuid.UUID       `json:"id"`
	Cursor   string          `json:"cursor"`
	Topic    string          `json:"topic"`
	Topics   []string        `json:"topics"`
	Name     string          `json:"name"`
	Code     string          `json:"code"`
	At       string          `json:"at"`
	Data     json.RawMessage `json:"data"`
	Counts   json.RawMessage `json:"counts"`
	Session  json.RawMessage `json:"session"`
	Server   string          `json:"server"`
	Resumed  bool            `json:"resumed"`
	Reset    bool            `json:"reset"`
	Replayed int             `json:"replayed"`
	Retry    int             `json:"retry_after_ms"`
}

// data reads a member of the event's data.
func (f frame) data(t *testing.T, name string) any {
	t.Helper()
	var members map[string]any
	require.NoError(t, json.Unmarshal(f.Data, &members))
	return members[name]
}

func (s *stage) open(ctx context.Context) *client { s.t.Helper(); return s.openAt(s.at, ctx) }

func (s *stage) openAt(server *httptest.Server, ctx context.Context) *client { //nolint:revive // where comes first here
	s.t.Helper()
	scope := tenancy.From(ctx)
	token := s.desk.signIn(scope)
	ws, _, err := dial(server, http.Header{"Authorization": {"Bearer " + token}}, "")
	require.NoError(s.t, err)
	s.t.Cleanup(func() { ws.Close() }) //nolint:errcheck // the test is over
	c := &client{t: s.t, ws: ws, scope: scope}
	require.Equal(s.t, "hello", c.next().Type)
	return c
}

func dial(server *httptest.Server, header http.Header, query string) (*websocket.Conn, *http.Response, error) {
	dialer := websocket.Dialer{HandshakeTimeout: 10 * time.Second}
	return dialer.Dial("ws"+strings.TrimPrefix(server.URL, "http")+"/api/ws"+query, header)
}

// subscribe waits for the reply; replayed frames before it are in seen.
func (c *client) subscribe(since string, topics ...string) frame {
	c.t.Helper()
	ask := map[string]any{"type": "subscribe", "ref": "s", "topics": topics}
	if since != "" {
		ask["since"] = since
	}
	c.say(ask)
	return c.until("subscribed", func(f frame) bool { return f.Type == "subscribed" })
}

func (c *client) say(v any) {
	c.t.Helper()
	require.NoError(c.t, c.ws.WriteJSON(v))
}

func (c *client) read() (frame, error) {
	var f frame
	if err := c.ws.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return f, err
	}
	_, message, err := c.ws.ReadMessage()
	if err != nil {
		return f, err
	}
	err = json.Unmarshal(message, &f)
	c.seen = append(c.seen, f)
	return f, err
}

func (c *client) next() frame {
	c.t.Helper()
	f, err := c.read()
	require.NoError(c.t, err)
	return f
}

func (c *client) until(what string, ok func(frame) bool) frame {
	c.t.Helper()
	for {
		f, err := c.read()
		require.NoError(c.t, err, "waiting for %s", what)
		if ok(f) {
			return f
		}
	}
}

func (c *client) event(name string) frame {
	c.t.Helper()
	return c.until(name, func(f frame) bool { return f.Type == "event" && f.Name == name })
}

// closed waits for the close frame and returns its code; 1006: the socket just ended.
func (c *client) closed() int {
	c.t.Helper()
	for {
		_, err := c.read()
		var closed *websocket.CloseError
		var network net.Error
		switch {
		case errors.As(err, &closed):
			return closed.Code
		case errors.As(err, &network) && network.Timeout():
			require.NoError(c.t, err, "still open")
		case err != nil:
			return websocket.CloseAbnormalClosure
		}
	}
}

// quiet asks for a pong and requires that nothing of these names came before it.
func (c *client) quiet(names ...string) {
	c.t.Helper()
	from := len(c.seen)
	c.say(map[string]any{"type": "ping", "ref": "q"})
	c.until("pong", func(f frame) bool { return f.Type == "pong" && f.Ref == "q" })
	for _, f := range c.seen[from:] {
		if f.Type == "event" {
			require.NotContains(c.t, names, f.Name)
		}
	}
}
